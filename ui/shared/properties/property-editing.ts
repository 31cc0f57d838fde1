import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useExpressionFunctions, useIncomingAttributes, useProposedProblems } from '../../api/properties.ts';
import { type ParameterContextEntity, useGroupParameters } from '../../api/parameters.ts';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import type { Vocabulary } from '../editor/suggestions.ts';
import { type Descriptors, problemOf, type SortedProblems, sortProblems, type Values } from './model.ts';

/** The component whose properties are edited. */
export interface PropertyOwner {
  readonly id: string;
  /** Where it is read: `/nifi-api/processors/...`. */
  readonly path: string;
  readonly name: string;
  /** The group that it stands in; undefined for those of the controller. */
  readonly groupId?: string;
  readonly readOnly: boolean;
  readonly allowsSensitiveDynamic: boolean;
  readonly allowsDynamic: boolean;
}

/** A table of properties while somebody edits it. */
export interface PropertyEditing {
  readonly owner: PropertyOwner;
  readonly descriptors: Descriptors;
  readonly values: Values;
  /** Names of properties whose text is not stored yet. */
  readonly changed: ReadonlySet<string>;
  readonly problems: SortedProblems;
  readonly context: ParameterContextEntity | null | undefined;
  readonly vocabulary: Omit<Vocabulary, 'expressions'>;
  set(name: string, value: string | null): void;
  reset(name: string): void;
  add(descriptor: PropertyDescriptorDto): void;
}

const Editing = createContext<PropertyEditing | undefined>(undefined);
export const PropertyEditingProvider = Editing.Provider;

export function usePropertyEditing(): PropertyEditing {
  const editing = useContext(Editing);
  if (!editing) throw new Error('Rows of properties must be inside PropertyEditingProvider.');
  return editing;
}

/** How long after the last key the server is asked, milliseconds. */
const PAUSE = 350;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

const NO_PROBLEMS: readonly string[] = [];

/** What is wrong with the texts: what the page sees at once, then what the server says of all of it. */
export function useProblems(owner: PropertyOwner, descriptors: Descriptors, values: Values, edits: Values, sensitive: readonly string[] | undefined): SortedProblems {
  const proposal = useMemo(() => ({ edits, sensitive }), [edits, sensitive]);
  const settled = useSettled(proposal);
  const { data = NO_PROBLEMS } = useProposedProblems(owner.id, settled.edits, settled.sensitive, true);
  return useMemo(() => {
    const told = sortProblems(data, descriptors);
    const seen = Object.values(descriptors).flatMap((descriptor) => {
      const problem = problemOf(descriptor, values[descriptor.name] ?? null);
      return problem === undefined ? [] : [[descriptor.name, problem] as const];
    });
    // What the server said of a text that has changed since does not count until it answers again.
    const current = Object.entries(told.byProperty).filter(([name]) => settled.edits[name] === edits[name]);
    return { byProperty: { ...Object.fromEntries(seen), ...Object.fromEntries(current) }, others: told.others };
  }, [data, descriptors, values, edits, settled]);
}

/** Attributes that FlowFiles always have, and those that many types write. */
const ATTRIBUTES = [
  'filename',
  'path',
  'uuid',
  'mime.type',
  'record.count',
  'fragment.identifier',
  'fragment.index',
  'fragment.count',
  'segment.original.filename',
  'entryDate',
  'lineageStartDate',
  'fileSize',
];

/** The words that expressions of a component may use. */
export function useVocabulary({ groupId, id }: PropertyOwner): { context: ParameterContextEntity | null | undefined; vocabulary: Omit<Vocabulary, 'expressions'> } {
  const { data: functions = [] } = useExpressionFunctions();
  const { data: context } = useGroupParameters(groupId);
  const { data: incoming } = useIncomingAttributes(groupId, id);
  const vocabulary = useMemo(
    () => ({ functions, attributes: [...new Set([...(incoming ?? []), ...ATTRIBUTES])], parameters: (context?.component.parameters ?? []).map(({ parameter }) => parameter) }),
    [functions, incoming, context],
  );
  return { context, vocabulary };
}
