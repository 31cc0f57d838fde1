import { InvalidRequestError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import type { ProvenanceEvent } from './provenance.ts';

/** One of NiFi's search terms. Case does not count; `*` stands for any characters, `?` for any one. */
export interface SearchTerm {
  readonly value: string;
  /** Finds what does not match. */
  readonly inverse?: boolean;
}

/** What to look for. Terms are named as in SEARCH_FIELDS; any other name is that of an attribute. */
export interface ProvenanceSearch {
  readonly terms?: Readonly<Record<string, SearchTerm>>;
  /** Milliseconds since 1970. */
  readonly fromTime?: number;
  readonly toTime?: number;
  /** Bytes. */
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly maxResults?: number;
}

interface CompiledSearch {
  readonly range: { fromTime?: number; toTime?: number; flowFile?: number };
  matches(event: ProvenanceEvent): boolean;
}

/** The texts of an event that a field stands for. */
type Field = (event: ProvenanceEvent, runtime: FlowRuntime) => readonly (string | undefined)[];

/** NiFi's searchable fields, by the ids that its clients send. */
export const SEARCH_FIELDS: Readonly<Record<string, { readonly label: string; readonly texts: Field }>> = {
  EventType: { label: 'Event Type', texts: ({ type }) => [type] },
  FlowFileUUID: { label: 'FlowFile UUID', texts: ({ flowFile, parents, children }, { journal }) => [flowFile, ...parents, ...children].map((id) => journal.ids.uuidOf(id)) },
  Filename: { label: 'Filename', texts: ({ attributes, flowFile }, { journal }) => [attributes.get('filename') ?? journal.ids.uuidOf(flowFile)] },
  ProcessorID: { label: 'Component ID', texts: ({ component }, { config }) => [config.store.idOf(component)] },
  Relationship: { label: 'Relationship', texts: ({ relationship }) => [relationship] },
  TransitURI: { label: 'Transit URI', texts: ({ transitUri }) => [transitUri] },
  Details: { label: 'Details', texts: ({ details }) => [details] },
};

/** Throws InvalidRequestError. */
export function compileSearch(search: ProvenanceSearch, runtime: FlowRuntime): CompiledSearch {
  const { fromTime, toTime, minSize = 0, maxSize = Number.POSITIVE_INFINITY, terms = {} } = search;
  const tests = Object.entries(terms)
    .filter(([, { value }]) => value.trim() !== '')
    .map(([name, term]) => compileTerm(name, term, runtime));
  return {
    range: { fromTime, toTime, flowFile: soughtFlowFile(terms, runtime) },
    matches(event) {
      if (fromTime !== undefined && event.time < fromTime) return false;
      if (toTime !== undefined && event.time > toTime) return false;
      const { length } = event.content;
      return length >= minSize && length <= maxSize && tests.every((test) => test(event));
    },
  };
}

/** Narrows the blocks to look at where exactly one FlowFile is asked for. */
function soughtFlowFile({ FlowFileUUID: term }: Readonly<Record<string, SearchTerm>>, { journal }: FlowRuntime): number | undefined {
  if (!term || term.inverse) return undefined;
  return journal.ids.idOf(term.value.trim());
}

function compileTerm(name: string, { value, inverse = false }: SearchTerm, runtime: FlowRuntime): (event: ProvenanceEvent) => boolean {
  const text = value.trim();
  if (name === 'ProcessorID' && !/[*?]/.test(text)) {
    // The commonest search: each component's id is looked up and compared once.
    const known = new Map<number, boolean>();
    return ({ component }) => {
      const same = known.get(component) ?? runtime.config.store.idOf(component)?.toLowerCase() === text.toLowerCase();
      known.set(component, same);
      return same !== inverse;
    };
  }
  const pattern = wildcard(text);
  const texts: Field = SEARCH_FIELDS[name]?.texts ?? (({ attributes }) => [attributes.get(name)]);
  return (event) => texts(event, runtime).some((each) => each !== undefined && pattern.test(each)) !== inverse;
}

function wildcard(text: string): RegExp {
  if (text.length > 1000) throw new InvalidRequestError('A search term must not be longer than 1,000 characters.');
  const source = [...text].map((char) => (char === '*' ? '.*' : char === '?' ? '.' : char.replace(/[\\^$.|+()[\]{}]/, '\\$&')));
  return new RegExp(`^${source.join('').replace(/(\.\*)+/g, '.*')}$`, 'is');
}
