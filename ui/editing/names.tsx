import type { ReactNode } from 'react';

interface NamesProps {
  readonly title: string;
  /** What all of them have in common. */
  readonly note?: string;
  readonly of: readonly { readonly name: string; readonly description?: ReactNode }[] | undefined;
}

/** Names with what they mean, under a title; nothing where there are none. */
export function Names({ title, note, of }: NamesProps) {
  if (!of || of.length === 0) return null;
  return (
    <section>
      <h4>{title}</h4>
      {note && <p className="picker-facts">{note}</p>}
      <dl>
        {of.map(({ name, description }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
