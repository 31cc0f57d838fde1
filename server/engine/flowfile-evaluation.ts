import type { FlowFile } from '../extension/flowfile.ts';
import type { Evaluation } from './expression/evaluation.ts';
import type { PropertyScope } from './property-scope.ts';

/** What NiFi's expressions may ask of a FlowFile besides its attributes (Expression Language Guide, "Subject"). */
const SUBJECTS: Readonly<Record<string, (flowFile: FlowFile) => string>> = {
  fileSize: ({ size }) => String(size),
  entryDate: ({ entryDate }) => String(entryDate),
  lineageStartDate: ({ lineageStartDate }) => String(lineageStartDate),
  flowFileId: ({ id }) => String(id),
};

/**
 * The world as an expression sees it. One object serves all evaluations of a component in turn: the caller sets `flowFile`
 * first, so that an evaluation allocates nothing.
 */
export class FlowFileEvaluation implements Evaluation {
  /** The subject; undefined where only the environment may be seen. */
  flowFile: FlowFile | undefined = undefined;
  /** getStateValue, where the component keeps state. */
  state?: (key: string) => string | undefined;
  readonly #scope: Pick<PropertyScope, 'environment' | 'environmentNames' | 'now'>;

  constructor(scope: Pick<PropertyScope, 'environment' | 'environmentNames' | 'now'>) {
    this.#scope = scope;
  }

  attribute(name: string): string | undefined {
    const { flowFile } = this;
    if (flowFile) {
      const value = flowFile.getAttribute(name) ?? (Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name]!(flowFile) : undefined);
      if (value !== undefined) return value;
    }
    return this.#scope.environment(name);
  }

  *attributeNames(): Generator<string> {
    if (this.flowFile) yield* this.flowFile.attributes.keys();
    yield* this.#scope.environmentNames();
  }

  now(): number {
    return this.#scope.now();
  }
}
