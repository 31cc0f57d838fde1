import { type Command, SECTIONS, showKeys } from '../shared/command.ts';
import { Dialog } from '../shared/dialog.tsx';
import { endTask } from '../shared/task.ts';
import './commands.css';

/** What is done with the pointer, and with keys that belong to something that has the focus. */
const GESTURES: readonly (readonly [string, string])[] = [
  ['Pull a dot at the edge of a component', 'connect it with another one, itself, or a new one'],
  ['Pull the label of a connection', 'bend the connection; pull or double-click a point to move or remove it'],
  ['Shift and drag', 'select with a box; Shift and click adds'],
  ['Double-click', 'a name to type it over, a group to enter it, a label to write, a connection to list its queue'],
  ['Drop a file', 'a flow definition becomes a group'],
  ['Tab, then arrows', 'go from component to component; move what is selected'],
  ['Shift+F10 or the menu key', 'the menu of what has the focus'],
];

/** All keys, from the same list that runs them. */
export function HelpSheet({ commands }: { readonly commands: readonly Command[] }) {
  const withKeys = commands.filter(({ keys }) => keys && keys.length > 0);
  return (
    <Dialog title="Keyboard shortcuts" size="huge" onClose={endTask}>
      <div className="help">
        {SECTIONS.map((section) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl>
              {withKeys
                .filter((command) => command.section === section)
                .map(({ id, title, keys }) => (
                  <div key={id}>
                    <dt>{title.replace(/: .*/, '')}</dt>
                    <dd>
                      {keys!.map((each) => (
                        <kbd key={each} className="key">
                          {showKeys(each)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section className="help-gestures">
          <h3>Pointer and focus</h3>
          <dl>
            {GESTURES.map(([what, does]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
