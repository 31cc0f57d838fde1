import { Button } from '../shared/button.tsx';
import { canvasView } from '../shared/canvas-view.ts';
import { EmptyState } from '../shared/message.tsx';
import { beginTask } from '../shared/task.ts';
import { addTaskOf } from '../shared/toolbar-drag.ts';

/** What stands on a canvas without components: where to begin. */
export function NothingHere() {
  const add = (kind: 'connector' | 'processor') => beginTask(addTaskOf(kind, canvasView.get()?.centre() ?? { x: 0, y: 0 })!);
  const actions = (
    <>
      <Button tone="primary" icon="plug" onClick={() => add('connector')}>
        Begin with a connector
      </Button>
      <Button icon="box" onClick={() => add('processor')}>
        Begin with a processor
      </Button>
    </>
  );
  return (
    <div className="canvas-empty">
      <EmptyState icon="group" title="This group is empty" actions={actions}>
        A connector is a whole flow that only needs its parameters. Or drag what you need from the toolbar, or drop a flow definition here.
      </EmptyState>
    </div>
  );
}
