import type { ComponentContext, ComponentLog } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyMap } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { XmlEngine } from './xml-engine.ts';

export const ALLOW_DTD = property.boolean(
  'Allow DTD',
  'Whether documents may declare a document type. Entities that it declares are not known here: a document that uses them fails',
  {
    default: 'false',
  },
);

/** What a processor with expressions keeps while it runs. */
export interface Evaluator {
  readonly engine: XmlEngine;
  readonly expressions: Readonly<Record<string, string>>;
}

/** Compiles the expressions that users have added. Throws ProcessError where one is none. */
export async function evaluator(language: 'xpath' | 'xquery', { dynamic }: ComponentContext<PropertyMap>): Promise<Evaluator> {
  const expressions = Object.fromEntries([...dynamic].map(([name, text]) => [name, text()]));
  const engine = new XmlEngine();
  try {
    await engine.run({ kind: 'check', language, expressions });
  } catch (thrown) {
    await engine.stop();
    throw new ProcessError(messageOf(thrown));
  }
  return { engine, expressions };
}

/** Into the content only one expression can write; `what` names such an expression. Throws ProcessError. */
export function checkOnlyOne(destination: string, { size }: ReadonlyMap<string, unknown>, what: string): void {
  if (destination === 'flowfile-content' && size !== 1) throw new ProcessError(`Exactly one ${what} must be set where Destination is flowfile-content`);
}

/** Does the work on one FlowFile; what it throws sends the FlowFile to failure. */
export async function evaluateNext<R extends string>(session: ProcessSession<R | 'failure'>, log: ComponentLog, work: (flowFile: FlowFile) => Promise<void>): Promise<void> {
  const flowFile = session.get();
  if (!flowFile) return;
  try {
    await work(flowFile);
  } catch (thrown) {
    log.error(`${flowFile.getAttribute('filename')} cannot be evaluated: ${messageOf(thrown)}`);
    session.transfer(flowFile, 'failure');
  }
}
