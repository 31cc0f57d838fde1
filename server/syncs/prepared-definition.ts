import type { ContextContents, FlowDefinition, GroupContents } from '../engine/flow-definition/format.ts';
import type { ConnectionDescription } from './connector-description.ts';

export interface Naming {
  /** Of the sync. */
  readonly name: string;
  /** Names that parameter contexts have already. */
  readonly taken: ReadonlySet<string>;
  /** Connection id to the name of the parameter context that is there already and has its credentials. */
  readonly shared: ReadonlyMap<string, string>;
}

type Contexts = Record<string, ContextContents>;

/**
 * A definition as a sync takes it: with parameter contexts of its own, which an import would otherwise share with everything made of
 * the same definition, and the parameters of each connection in a context apart, so that other syncs can use the same credentials.
 */
export function preparedDefinition(definition: FlowDefinition, connections: readonly ConnectionDescription[], naming: Naming): FlowDefinition {
  const taken = new Set(naming.taken);
  const old = Object.keys(definition.parameterContexts ?? {});
  const names = new Map(old.map((name) => [name, free(old.length === 1 ? naming.name : `${naming.name}: ${name}`, taken)]));
  const contexts: Contexts = {};
  for (const [name, contents] of Object.entries(definition.parameterContexts ?? {})) {
    const inherited = contents.inheritedParameterContexts?.map((each) => names.get(each) ?? each);
    contexts[names.get(name)!] = { ...contents, name: names.get(name)!, inheritedParameterContexts: inherited };
  }
  for (const connection of connections) setApart(contexts, connection, naming, taken);
  return { ...definition, flowContents: renamed(definition.flowContents, names), parameterContexts: withoutEmpty(contexts) };
}

/** The name, with a number where it is taken already. */
function free(name: string, taken: Set<string>): string {
  let found = name;
  for (let number = 2; taken.has(found); number++) found = `${name} ${number}`;
  taken.add(found);
  return found;
}

/** Moves the parameters of a connection into a context of their own, or leaves them to the one that is shared. */
function setApart(contexts: Contexts, { id, title, fields }: ConnectionDescription, { name, shared }: Naming, taken: Set<string>): void {
  const wanted = new Set(fields.flatMap(({ target }) => ('parameter' in target ? [target.parameter] : [])));
  const existing = shared.get(id);
  const apart = existing ?? free(`${title} of ${name}`, taken);
  for (const [holder, contents] of Object.entries(contexts)) {
    const moved = contents.parameters?.filter((parameter) => wanted.has(parameter.name)) ?? [];
    if (moved.length === 0) continue;
    contexts[holder] = {
      ...contents,
      parameters: contents.parameters!.filter((parameter) => !wanted.has(parameter.name)),
      inheritedParameterContexts: [...(contents.inheritedParameterContexts ?? []), apart],
    };
    if (existing === undefined) contexts[apart] = { name: apart, description: `How to reach ${title}.`, parameters: [...(contexts[apart]?.parameters ?? []), ...moved] };
  }
}

function renamed(contents: GroupContents, names: ReadonlyMap<string, string>): GroupContents {
  const context = contents.parameterContextName;
  return { ...contents, parameterContextName: context && (names.get(context) ?? context), processGroups: contents.processGroups?.map((group) => renamed(group, names)) };
}

/** A context that is left with nothing but one inherited context is left out: that one takes its place. */
function withoutEmpty(contexts: Contexts): Contexts {
  const replaced = new Map(
    Object.values(contexts).flatMap(({ name, parameters = [], inheritedParameterContexts: inherited = [] }) =>
      parameters.length === 0 && inherited.length === 1 ? [[name, inherited[0]!] as const] : [],
    ),
  );
  const followed = (name: string): string => (replaced.has(name) ? followed(replaced.get(name)!) : name);
  const inheritedElsewhere = new Set(Object.values(contexts).flatMap(({ inheritedParameterContexts = [] }) => inheritedParameterContexts));
  const kept = Object.entries(contexts).filter(([name]) => !replaced.has(name) || !inheritedElsewhere.has(name));
  return Object.fromEntries(kept.map(([name, contents]) => [name, { ...contents, inheritedParameterContexts: contents.inheritedParameterContexts?.map(followed) }]));
}
