import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import { type BinRules, fragmentCount } from '../../server/extension/flowfile-bins.ts';
import type { properties } from './merge-properties.ts';

/** When each waiting FlowFile was first seen, by its id. FlowFiles wait in their queue, so that bins survive a restart; only their age begins anew. */
export type Client = Map<number, number>;
type Context = ProcessContext<typeof properties, Client>;

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** How MergeContent's properties say that FlowFiles are gathered. */
export function rules({ client, properties: values }: Context, isQuiet: boolean): BinRules {
  const { strategy, correlation, termination, insertion, minEntries, maxEntries, minBytes, maxBytes, maxAge = NO_LIMIT, maxBins } = values;
  const common = { maxAge, maxBins, insertion, isQuiet, seen: ({ id }: FlowFile) => client.get(id)! };
  if (strategy === 'Defragment') {
    const groupOf = (flowFile: FlowFile): string => flowFile.getAttribute('fragment.identifier')!;
    return { ...common, minEntries: 1, maxEntries: NO_LIMIT, minBytes: 0, maxBytes: NO_LIMIT, groupOf, countOf: fragmentCount, endsBin: () => false };
  }
  const groupOf = (flowFile: FlowFile): string => flowFile.getAttribute(correlation(flowFile) ?? '') ?? '';
  const endsBin = (flowFile: FlowFile): boolean => termination(flowFile)?.toLowerCase() === 'true';
  return { ...common, minEntries, maxEntries, minBytes, maxBytes: maxBytes ?? NO_LIMIT, groupOf, endsBin };
}
