import type { FlowFile } from '../../server/extension/flowfile.ts';

/** What NiFi lets stand for null. */
export const NULL_TEXTS = { "the string 'null'": "the string 'null'", 'empty string': 'empty string' } as const;

/** JSON is held in memory as a whole: no more than `max` bytes of it. Throws an Error. */
export function checkTextSize(flowFile: FlowFile, max: number): void {
  if (flowFile.size > max) throw new Error(`its ${flowFile.size} bytes are more than the ${max} that Max String Length allows`);
}
