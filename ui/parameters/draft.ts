import type { AffectedComponentEntity, ContextChange, Parameter, ParameterChange, ParameterContextEntity } from '../api/parameters.ts';

/** What somebody has changed of a parameter context and not stored. */
export interface Draft {
  readonly name?: string;
  readonly description?: string;
  /** By name; null: it is to be removed. */
  readonly parameters: Readonly<Record<string, ParameterChange | null>>;
  /** Ids in order. */
  readonly inherited?: readonly string[];
}

export const NO_CHANGES: Draft = { parameters: {} };

export const isEmpty = ({ name, description, parameters, inherited }: Draft): boolean =>
  name === undefined && description === undefined && inherited === undefined && Object.keys(parameters).length === 0;

/** A line in the list of parameters. */
export interface ParameterRow {
  readonly name: string;
  readonly description: string;
  readonly sensitive: boolean;
  /** Undefined where there is none. */
  readonly value: string | undefined;
  readonly assets: readonly { readonly id: string; readonly name: string }[];
  readonly change: 'added' | 'changed' | 'removed' | undefined;
  /** Name of the context that it comes from, where that is another one. */
  readonly inheritedFrom: string | undefined;
  /** Id of the context that it is in. */
  readonly home?: string;
  readonly provided: boolean;
  readonly references: readonly AffectedComponentEntity[];
}

/** The parameters as they would be: stored ones with the changes, then new ones; by name. */
export function rowsOf(parameters: readonly Parameter[], { parameters: changes }: Draft): ParameterRow[] {
  const stored = parameters.map((parameter) => rowOf(parameter, changes[parameter.name]));
  const known = new Set(parameters.map(({ name }) => name));
  const added = Object.values(changes).flatMap((change) => (change && !known.has(change.name) ? [newRow(change)] : []));
  return [...stored, ...added].sort((a, b) => a.name.localeCompare(b.name));
}

function rowOf(parameter: Parameter, change: ParameterChange | null | undefined): ParameterRow {
  const { name, description, sensitive, value, referencedAssets, inherited, parameterContext, provided, referencingComponents } = parameter;
  // JSON has null where there is no value.
  const row = { name, description, sensitive, value: value ?? undefined, assets: referencedAssets, provided, references: referencingComponents, home: parameterContext?.id };
  const inheritedFrom = inherited ? parameterContext?.component.name : undefined;
  if (change === null) return { ...row, inheritedFrom, change: 'removed' };
  if (change === undefined) return { ...row, inheritedFrom, change: undefined };
  // An own parameter with the name of an inherited one takes its place.
  return { ...row, ...newRow(change, row), references: referencingComponents, change: inherited ? 'added' : 'changed' };
}

function newRow(change: ParameterChange, old?: Pick<ParameterRow, 'description' | 'sensitive' | 'value' | 'assets'>): ParameterRow {
  return {
    name: change.name,
    description: change.description ?? old?.description ?? '',
    sensitive: change.sensitive ?? old?.sensitive ?? false,
    value: change.valueRemoved ? undefined : (change.value ?? old?.value),
    assets: change.referencedAssets ?? old?.assets ?? [],
    change: 'added',
    inheritedFrom: undefined,
    provided: false,
    references: [],
  };
}

/** The draft with one parameter changed, removed (null), or as it is stored again (undefined). */
export function withParameter(draft: Draft, name: string, change: ParameterChange | null | undefined): Draft {
  const { [name]: _, ...rest } = draft.parameters;
  return { ...draft, parameters: change === undefined ? rest : { ...rest, [name]: change } };
}

/** What is sent: of a parameter that is to go, only the name. */
export function changeOf({ name, description, parameters, inherited }: Draft): ContextChange {
  const entries = Object.entries(parameters);
  return { name, description, inherited, parameters: entries.length === 0 ? undefined : entries.map(([key, change]) => change ?? { name: key }) };
}

/** Components that use what the draft changes, each once; those at work will be restarted. */
export function affectedBy(context: ParameterContextEntity, draft: Draft): AffectedComponentEntity[] {
  const all = draft.inherited !== undefined;
  const concerned = context.component.parameters.filter(({ parameter }) => all || parameter.name in draft.parameters);
  return [...new Map(concerned.flatMap(({ parameter }) => parameter.referencingComponents).map((each) => [each.id, each])).values()];
}

/** Whether a component has to be stopped for a change of what it uses. */
export const isAtWork = ({ component }: AffectedComponentEntity): boolean => component.state === 'RUNNING' || component.state === 'ENABLED' || component.state === 'ENABLING';

const NAME = /^[A-Za-z0-9\-_. ]+$/;

/** What is wrong with the name of a new parameter. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name.trim() === '') return 'The name must not be empty';
  if (!NAME.test(name)) return 'Letters, digits, spaces, dots, - and _ only';
  return taken.includes(name) ? `There is a parameter '${name}' already` : undefined;
}

/** What a context may inherit from: all but itself and those that inherit from it. */
export function heritable(context: ParameterContextEntity, all: readonly ParameterContextEntity[]): ParameterContextEntity[] {
  const byId = new Map(all.map((each) => [each.id, each]));
  const leadsHere = (id: string, seen: Set<string>): boolean => {
    if (id === context.id) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return byId.get(id)?.component.inheritedParameterContexts.some((each) => leadsHere(each.id, seen)) ?? false;
  };
  return all.filter(({ id }) => !leadsHere(id, new Set()));
}
