import { Component, type StoredBase } from './component.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import type { VisibleParameter } from './property-scope.ts';
import type { Runtime } from './runtime.ts';

/** A file that a parameter's value stands for. */
export interface AssetReference {
  readonly id: string;
  readonly name: string;
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly sensitive: boolean;
  /** Absent where it has none; sensitive values are plain here and encrypted where they are stored. */
  readonly value: string | undefined;
  /** Assets whose paths are the value. */
  readonly assets: readonly AssetReference[];
  /** Comes from a parameter provider. */
  readonly provided: boolean;
}

/** A parameter as a context shows it, its own or inherited. */
export interface EffectiveParameter {
  readonly parameter: Parameter;
  /** The context that defines it. */
  readonly context: ParameterContext;
}

/** What an edit says of one parameter; what is left out stays. */
export interface ParameterEdit {
  readonly name: string;
  readonly description?: string;
  readonly sensitive?: boolean;
  /** null takes the value back. */
  readonly value?: string | null;
  readonly assets?: readonly AssetReference[];
  readonly provided?: boolean;
  /** Removes the parameter. */
  readonly remove?: boolean;
}

/** Where the parameters of a context come from. */
export interface Provision {
  readonly providerId: string;
  /** Name of the group of parameters. */
  readonly group: string;
  /** Whether it follows what the provider fetches. */
  readonly synchronized: boolean;
}

export interface ParameterContextEdit {
  /** Binds it to a parameter provider: when it is made, or by what the provider brings. */
  readonly provision?: Provision;
  /** The edit brings what a provider fetched: nobody else may change provided parameters. */
  readonly byProvider?: boolean;
  readonly name?: string;
  readonly description?: string;
  /** Parameters that are not named stay. */
  readonly parameters?: readonly ParameterEdit[];
  /** All inherited contexts in order of weight. */
  readonly inherited?: readonly ParameterContext[];
}

interface StoredParameter {
  readonly name: string;
  readonly description: string;
  readonly sensitive: boolean;
  /** Encrypted where sensitive. */
  readonly value?: string;
  readonly assets?: readonly AssetReference[];
  readonly provided?: boolean;
}

export interface StoredParameterContext extends StoredBase {
  readonly parameters: readonly StoredParameter[];
  readonly inherited: readonly string[];
  readonly provision?: Provision;
}

/** Named values that property texts of bound groups refer to as `#{name}`. */
export class ParameterContext extends Component {
  readonly kind = 'PARAMETER_CONTEXT';
  #parameters: ReadonlyMap<string, Parameter> = new Map();
  #inherited: readonly ParameterContext[] = [];
  #provision: Provision | undefined;

  constructor(runtime: Runtime, id: string, name: string) {
    super(runtime, id, name, null);
  }

  /** Its comments. */
  get description(): string {
    return this.comments;
  }

  /** The parameter provider that its parameters come from. */
  get provision(): Provision | undefined {
    return this.#provision;
  }

  /** Its own parameters. */
  get parameters(): ReadonlyMap<string, Parameter> {
    return this.#parameters;
  }

  get inherited(): readonly ParameterContext[] {
    return this.#inherited;
  }

  /** A parameter by name: its own, else that of the first inherited context that has it. */
  resolve(name: string): VisibleParameter | undefined {
    return this.#parameters.get(name) ?? this.#inheritedParameter(name);
  }

  #inheritedParameter(name: string): VisibleParameter | undefined {
    for (const context of this.#inherited) {
      const parameter = context.resolve(name);
      if (parameter) return parameter;
    }
    return undefined;
  }

  /** Everything that `resolve` finds. */
  effective(): Map<string, EffectiveParameter> {
    const found = new Map<string, EffectiveParameter>();
    for (const context of [...this.#inherited].reverse()) for (const [name, parameter] of context.effective()) found.set(name, parameter);
    for (const [name, parameter] of this.#parameters) found.set(name, { parameter, context: this });
    return found;
  }

  /** Whether it is `other` or inherits from it, directly or not. */
  inheritsFrom(other: ParameterContext): boolean {
    return this === other || this.#inherited.some((context) => context.inheritsFrom(other));
  }

  /** What its own parameters would be after an edit. Throws ConflictError where the edit contradicts itself. */
  edited({ parameters: edits = [], byProvider = false }: ParameterContextEdit): Map<string, Parameter> {
    const parameters = new Map(this.#parameters);
    for (const edit of edits) {
      const old = parameters.get(edit.name);
      if (edit.remove) parameters.delete(edit.name);
      else parameters.set(edit.name, editedParameter(this, old, edit));
      if (this.#provision && !byProvider) this.#checkUnchanged(old, parameters.get(edit.name), edit.name);
    }
    return parameters;
  }

  #checkUnchanged(old: Parameter | undefined, next: Parameter | undefined, name: string): void {
    if (old && next && old.value === next.value && old.sensitive === next.sensitive && old.description === next.description && next.assets.length === 0) return;
    throw new ConflictError(
      `Cannot ${next ? 'change' : 'remove'} parameter ${name} of ${this.name} because its parameters come from the parameter provider ${this.#providerName()}. Fetch and apply them there.`,
    );
  }

  #providerName(): string {
    const { providerId } = this.#provision!;
    return [...this.runtime.controllerLevel()].find(({ id }) => id === providerId)?.label ?? providerId;
  }

  /** Throws ConflictError where inheritance would run in a circle. */
  checkInheritance(inherited: readonly ParameterContext[]): void {
    const circle = inherited.find((context) => context.inheritsFrom(this));
    if (circle) throw new ConflictError(`Parameter context ${this.name} cannot inherit from ${circle.name}, which inherits from it.`);
    if (new Set(inherited).size < inherited.length) throw new ConflictError(`Parameter context ${this.name} cannot inherit from the same context twice.`);
  }

  /** Applies an edit at once; FlowController.updateParameterContext looks after those who use it. */
  apply(edit: ParameterContextEdit): void {
    const { name, description, parameters, inherited, provision, byProvider = false } = edit;
    if (inherited) this.checkInheritance(inherited);
    if (provision && !byProvider && parameters?.length) {
      throw new ConflictError(
        `Parameter context ${name ?? this.name} cannot have parameters of its own because they are to come from a parameter provider. Leave them out, then fetch and apply.`,
      );
    }
    if (parameters) this.#parameters = this.edited(edit);
    if (byProvider || !this.#provision) this.#provision = provision ?? this.#provision;
    this.#inherited = inherited ?? this.#inherited;
    this.editBase({ name, comments: description });
    this.runtime.touch(this);
  }

  toStored(): StoredParameterContext {
    const { secrets } = this.runtime;
    const parameters = [...this.#parameters.values()].map(({ value, ...rest }) => ({
      ...rest,
      value: value !== undefined && rest.sensitive ? secrets.encrypt(value) : value,
    }));
    return { ...this.storedBase(), parameters, inherited: this.#inherited.map(({ id }) => id), provision: this.#provision };
  }

  /** `inherited` are those of the stored ids that are still there. */
  restore(stored: StoredParameterContext, inherited: readonly ParameterContext[]): void {
    this.restoreBase(stored);
    this.#inherited = inherited;
    this.#provision = stored.provision;
    const { secrets } = this.runtime;
    this.#parameters = new Map(
      stored.parameters.map(({ name, description, sensitive, value, assets = [], provided = false }) => {
        const plain = value !== undefined && sensitive ? secrets.decrypt(value) : value;
        return [name, { name, description, sensitive, value: plain, assets, provided }];
      }),
    );
  }
}

/** As NiFi's expressions can refer to it. */
const LEGAL_NAME = /^(?=.*\S)[\p{L}\p{N} ._-]+$/u;

/** Whether parameters may have this name. */
export function isParameterName(name: string): boolean {
  return LEGAL_NAME.test(name);
}

function editedParameter(context: ParameterContext, old: Parameter | undefined, edit: ParameterEdit): Parameter {
  if (!isParameterName(edit.name)) throw new InvalidRequestError(`'${edit.name}' cannot be the name of a parameter: letters, digits, spaces and . _ - may be in it.`);
  const sensitive = edit.sensitive ?? old?.sensitive ?? false;
  if (old && old.sensitive !== sensitive && !edit.provided) {
    throw new ConflictError(`Parameter ${edit.name} of ${context.name} cannot become ${sensitive ? 'sensitive' : 'plain'}. Remove it and add it anew.`);
  }
  if (sensitive && edit.assets?.length) throw new ConflictError(`Parameter ${edit.name} of ${context.name} is sensitive and cannot refer to assets.`);
  const assets = edit.assets ?? (edit.value === undefined ? old?.assets : undefined) ?? [];
  return {
    name: edit.name,
    description: edit.description ?? old?.description ?? '',
    sensitive,
    value: edit.value === undefined ? old?.value : (edit.value ?? undefined),
    assets,
    provided: edit.provided ?? old?.provided ?? false,
  };
}
