import { useState } from 'react';
import type { Editable } from '../../api/editing.ts';
import { Button } from '../button.tsx';
import { describeValue } from './fields.ts';
import type { Edit, Interference } from './use-edit.ts';

interface ConflictNoticeProps<E extends Editable> {
  readonly edit: Edit<E>;
  readonly interference: Interference<E>;
  readonly nameOf: (key: string) => string;
}

/** Explains that somebody else has stored an edit meanwhile, and lets one go on from there without losing anything unseen. */
export function ConflictNotice<E extends Editable>({ edit, interference: { entity, merge }, nameOf }: ConflictNoticeProps<E>) {
  const { conflicts, taken } = merge;
  const [theirs, setTheirs] = useState<readonly string[]>([]);
  const who = entity.revision.lastModifier && entity.revision.lastModifier !== 'anonymous' ? entity.revision.lastModifier : 'Somebody else';
  const choose = (key: string, isTheirs: boolean) => setTheirs((old) => (isTheirs ? [...old.filter((each) => each !== key), key] : old.filter((each) => each !== key)));
  return (
    <section className="callout conflict" data-tone="warning" role="alert" aria-label="An edit of somebody else">
      <strong>{who} has changed this while you were editing.</strong>
      {taken.length > 0 && (
        <p>
          {conflicts.length > 0 ? 'Besides, these' : 'These'} were changed and you have not touched them: {taken.map(nameOf).join(', ')}. They will be kept.
        </p>
      )}
      {conflicts.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">You both changed</th>
              <th scope="col">Yours</th>
              <th scope="col">Theirs</th>
            </tr>
          </thead>
          <tbody>
            {conflicts.map(({ key, mine, theirs: other }) => (
              <tr key={key}>
                <th scope="row">{nameOf(key)}</th>
                <td>
                  <label>
                    <input type="radio" name={`conflict-${key}`} checked={!theirs.includes(key)} onChange={() => choose(key, false)} />
                    <span>{describeValue(mine)}</span>
                  </label>
                </td>
                <td>
                  <label>
                    <input type="radio" name={`conflict-${key}`} checked={theirs.includes(key)} onChange={() => choose(key, true)} />
                    <span>{describeValue(other)}</span>
                  </label>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button size="small" icon="merge" onClick={() => edit.merge(theirs)}>
        Merge and go on
      </Button>
    </section>
  );
}
