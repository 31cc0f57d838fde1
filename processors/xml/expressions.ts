import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { property, type PropertyMap } from '../../server/extension/property.ts';
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
