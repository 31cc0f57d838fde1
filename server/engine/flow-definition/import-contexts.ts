import { InvalidRequestError } from '../errors.ts';
import { type FlowBuilder, NO_BUNDLE } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import type { ParameterContext, ParameterEdit, Provision } from '../parameter-context.ts';
import type { ParameterProviderNode } from '../parameter-provider-node.ts';
import type { ContextContents, FlowDefinition, ParameterContents, ProviderContents } from './format.ts';

/**
 * The parameter contexts that a definition's groups are bound to, by name. A context of that name that is there already is
 * reused, and gets the parameters that it lacks; what it has stays. `undo` takes all of it back.
 */
export class ContextImport {
  readonly #flow: FlowController;
  readonly #builder: FlowBuilder;
  readonly #contents: Readonly<Record<string, ContextContents>>;
  readonly #providers: Readonly<Record<string, ProviderContents>>;
  readonly #done = new Map<string, ParameterContext>();
  readonly #undo: (() => void)[] = [];
  /** Contexts that did not exist before. */
  readonly created: (ParameterContext | ParameterProviderNode)[] = [];

  constructor(flow: FlowController, builder: FlowBuilder, definition: FlowDefinition) {
    this.#flow = flow;
    this.#builder = builder;
    this.#contents = definition.parameterContexts ?? {};
    this.#providers = definition.parameterProviders ?? {};
  }

  /** Throws InvalidRequestError where neither the flow nor the definition knows the context. */
  bring(name: string): ParameterContext {
    const done = this.#done.get(name);
    if (done) return done;
    const existing = [...this.#flow.parameterContexts.values()].find((context) => context.name === name);
    const contents = this.#contents[name];
    if (!existing && !contents) throw new InvalidRequestError(`The flow definition refers to the parameter context '${name}' and does not contain it.`);
    const context = existing ?? this.#create(name, contents!);
    this.#done.set(name, context);
    if (existing && contents) this.#complete(existing, contents);
    return context;
  }

  undo(): void {
    for (const action of this.#undo.reverse()) action();
  }

  #create(name: string, contents: ContextContents): ParameterContext {
    if (contents.inheritedParameterContexts?.includes(name)) throw new InvalidRequestError(`Parameter context '${name}' of the flow definition inherits from itself.`);
    const inherited = (contents.inheritedParameterContexts ?? []).map((each) => this.bring(each));
    const context = this.#builder.parameterContext({
      name,
      description: contents.description,
      inherited,
      provision: this.#provision(contents),
      byProvider: true,
      parameters: (contents.parameters ?? []).map(parameterEdit),
    });
    this.created.push(context);
    this.#undo.push(() => this.#builder.discard(context));
    this.#referToAssets(context, contents.parameters ?? []);
    return context;
  }

  /** The files of assets are not in a definition: what refers to them names files that are missing until they are uploaded. */
  #referToAssets(context: ParameterContext, parameters: readonly ParameterContents[]): void {
    const withAssets = parameters.filter(({ referencedAssets }) => referencedAssets?.length);
    if (withAssets.length === 0) return;
    const edits = withAssets.map(({ name, referencedAssets }) => {
      const assets = referencedAssets!.map((asset) => this.#flow.assets.describe(context.id, asset.name));
      return { name, assets: assets.map(({ id, name }) => ({ id, name })), value: assets.map(({ path }) => path).join(',') };
    });
    context.apply({ parameters: edits, byProvider: true });
  }

  /** The provider is one that is here, by id or by name and type; else it is made, without configuration. */
  #provision({ parameterProvider: identifier, parameterGroupName: group, synchronized }: ContextContents): Provision | undefined {
    if (!identifier || !group) return undefined;
    const wanted = this.#providers[identifier];
    const here = this.#flow.allControllerLevel('PARAMETER_PROVIDER').find(({ id, name, type }) => id === identifier || (name === wanted?.name && type === wanted?.type));
    const provider = here ?? (wanted && this.#createProvider(wanted));
    return provider && { providerId: provider.id, group, synchronized: synchronized ?? true };
  }

  #createProvider({ type, name, bundle }: ProviderContents): ParameterProviderNode {
    const provider = this.#builder.controllerLevel('PARAMETER_PROVIDER', { type, name: name ?? undefined }, bundle ?? NO_BUNDLE);
    this.created.push(provider);
    this.#undo.push(() => this.#builder.discard(provider));
    return provider;
  }

  #complete(context: ParameterContext, contents: ContextContents): void {
    const missing = (contents.parameters ?? []).filter(({ name }) => !context.parameters.has(name));
    // What a provider gives is not to be mixed with what a definition has.
    if (missing.length === 0 || context.provision) return;
    context.apply({ parameters: missing.map(parameterEdit) });
    this.#undo.push(() => context.apply({ parameters: missing.map(({ name }) => ({ name, remove: true })) }));
    this.#referToAssets(context, missing);
    for (const group of this.#flow.root.tree()) if (group.parameterContext?.inheritsFrom(context)) group.forgetValidation();
  }
}

/** Values of sensitive parameters are not in a definition. */
function parameterEdit({ name, description, sensitive, provided, value, referencedAssets }: ParameterContents): ParameterEdit {
  return { name, description, sensitive: sensitive ?? false, provided, value: sensitive || referencedAssets?.length ? null : (value ?? null) };
}
