import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';

interface Context {
  readonly name: string;
  readonly client: { readonly patterns: Map<string, RegExp> };
  readonly properties: { deleted(flowFile: FlowFile): string | undefined };
}

function pattern({ client: { patterns }, name }: Context, text: string): RegExp {
  const known = patterns.get(text);
  if (known) return known;
  try {
    const compiled = new RegExp(`^(?:${text})$`);
    if (patterns.size < 1000) patterns.set(text, compiled);
    return compiled;
  } catch (cause) {
    throw new ProcessError(`${name}: Delete Attributes Expression gives '${text}', which is not a regular expression: correct it.`, { cause });
  }
}

/** Names are chosen before the update: what is new here stays, what was there and matches goes. */
export function doomed(flowFile: FlowFile, context: Context): string[] {
  const text = context.properties.deleted(flowFile);
  if (!text) return [];
  const matches = pattern(context, text);
  return [...flowFile.attributes.keys()].filter((name) => name !== 'uuid' && matches.test(name));
}
