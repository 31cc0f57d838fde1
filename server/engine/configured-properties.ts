import type { ComponentDeclaration } from '../extension/component.ts';
import type { PropertyDescriptor, PropertyMap } from '../extension/property.ts';
import type { ServiceContract } from '../extension/service.ts';
import { InvalidRequestError } from './errors.ts';
import { parameterReferences } from './expression/parameter-references.ts';
import type { Secrets } from './runtime.ts';

/** Property texts as they are stored: sensitive ones apart, encrypted. */
export interface StoredProperties {
  readonly texts: Readonly<Record<string, string>>;
  readonly sensitive?: Readonly<Record<string, string>>;
  /** Dynamic properties that were made sensitive. */
  readonly sensitiveDynamic?: readonly string[];
  /** Of a ghost: what its flow definition says of its properties. */
  readonly foreign?: Readonly<Record<string, ForeignDescriptor>>;
}

/** What is known of a property whose component type is not installed. */
export interface ForeignDescriptor {
  readonly displayName: string;
  readonly sensitive: boolean;
  readonly dynamic: boolean;
  /** Whether its value is the id of a controller service. */
  readonly identifiesControllerService: boolean;
}

/** Stands for whatever contract a ghost's property asks for. */
const UNKNOWN_CONTRACT: ServiceContract = { type: 'unknown' };

/** New texts by property name; null takes a property back. */
export type PropertyEdit = Readonly<Record<string, string | null>>;

/** A descriptor as people see it: declared, or made for a dynamic property. */
export interface ConfiguredDescriptor extends PropertyDescriptor {
  readonly dynamic: boolean;
  /** Not declared, and the component takes no dynamic properties. */
  readonly unsupported: boolean;
}

/**
 * The property texts of a processor or controller service. Its definition is absent where the type is unknown (a ghost); then
 * every text is kept as it is.
 */
export class ConfiguredProperties {
  readonly #definition: ComponentDeclaration<PropertyMap> | undefined;
  readonly #declared: ReadonlyMap<string, PropertyDescriptor>;
  #texts = new Map<string, string>();
  #sensitiveDynamic: ReadonlySet<string> = new Set();
  #foreign: Readonly<Record<string, ForeignDescriptor>> = {};
  #effective: ReadonlyMap<string, string> | undefined;
  #serviceIds: ReadonlySet<string> | undefined;
  #parameterNames: ReadonlySet<string> | undefined;

  constructor(definition: ComponentDeclaration<PropertyMap> | undefined) {
    this.#definition = definition;
    this.#declared = new Map(Object.values(definition?.properties ?? {}).map((descriptor) => [descriptor.name, descriptor]));
  }

  /** What was configured. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** What was configured, and the defaults of what was not. */
  get effective(): ReadonlyMap<string, string> {
    if (!this.#effective) {
      const texts = new Map<string, string>();
      for (const { name, default: text } of this.#declared.values()) if (text !== undefined) texts.set(name, text);
      for (const [name, text] of this.#texts) texts.set(name, text);
      this.#effective = texts;
    }
    return this.#effective;
  }

  get sensitiveDynamic(): ReadonlySet<string> {
    return this.#sensitiveDynamic;
  }

  /** Declared ones in their order, then dynamic ones. */
  descriptors(): ConfiguredDescriptor[] {
    const names = new Set([...this.#declared.keys(), ...Object.keys(this.#foreign), ...this.#texts.keys()]);
    return [...names].map((name) => this.descriptor(name));
  }

  /** The descriptor of a property; one is made up for a name that is not declared. */
  descriptor(name: string): ConfiguredDescriptor {
    const declared = this.#declared.get(name);
    if (declared) return { ...declared, dynamic: false, unsupported: false };
    const dynamic = this.#definition?.dynamicProperties;
    const foreign = this.#foreign[name];
    return {
      name,
      displayName: foreign?.displayName ?? name,
      description: dynamic?.description ?? '',
      required: false,
      sensitive: this.isSensitive(name),
      expressions: dynamic?.expressions ?? 'none',
      dependsOn: {},
      dynamic: foreign?.dynamic ?? true,
      service: dynamic ? dynamic.service : foreign?.identifiesControllerService ? UNKNOWN_CONTRACT : undefined,
      unsupported: this.#definition !== undefined && !dynamic,
      parse: (text) => text,
    };
  }

  /** What a flow definition said of a ghost's property. */
  foreign(name: string): ForeignDescriptor | undefined {
    return this.#foreign[name];
  }

  isDynamic(name: string): boolean {
    return !this.#declared.has(name);
  }

  isSensitive(name: string): boolean {
    const declared = this.#declared.get(name);
    if (declared) return declared.sensitive;
    const prefix = this.#definition?.dynamicProperties?.sensitivePrefix;
    return this.#sensitiveDynamic.has(name) || (this.#foreign[name]?.sensitive ?? false) || (prefix !== undefined && name.startsWith(prefix));
  }

  /** Sets texts. Null unsets an optional property, deletes a dynamic one, and is ignored for a required one that has a value (NiFi). */
  set(edit: PropertyEdit, sensitiveDynamic?: readonly string[]): void {
    for (const [name, text] of Object.entries(edit)) {
      if (text !== null && typeof text !== 'string') throw new InvalidRequestError(`The value of property '${name}' must be a text or null.`);
    }
    if (sensitiveDynamic) this.#sensitiveDynamic = new Set(sensitiveDynamic);
    for (const [name, text] of Object.entries(edit)) {
      if (text !== null) this.#texts.set(name, text);
      else if (!this.#declared.get(name)?.required) this.#texts.delete(name);
    }
    this.#forget();
  }

  /** Ids of the controller services that texts name, whether or not these exist. */
  get serviceIds(): ReadonlySet<string> {
    this.#serviceIds ??= new Set([...this.effective].filter(([name]) => this.#namesService(name)).map(([, text]) => text));
    return this.#serviceIds;
  }

  #namesService(name: string): boolean {
    const declared = this.#declared.get(name);
    if (declared) return declared.service !== undefined;
    return this.#definition?.dynamicProperties?.service !== undefined || this.#foreign[name]?.identifiesControllerService === true;
  }

  /** Names of the parameters that texts refer to. */
  get parameterNames(): ReadonlySet<string> {
    this.#parameterNames ??= new Set([...this.effective.values()].flatMap((text) => parameterReferences(text)));
    return this.#parameterNames;
  }

  /** What a flow definition says of a ghost's properties; a type that is installed knows better. */
  describeForeign(descriptors: Readonly<Record<string, ForeignDescriptor>>): void {
    if (!this.#definition) this.#foreign = descriptors;
    this.#forget();
  }

  toStored(secrets: Secrets): StoredProperties {
    const texts: Record<string, string> = {};
    const sensitive: Record<string, string> = {};
    for (const [name, text] of this.#texts) {
      if (this.isSensitive(name)) sensitive[name] = secrets.encrypt(text);
      else texts[name] = text;
    }
    const foreign = Object.keys(this.#foreign).length > 0 ? this.#foreign : undefined;
    return { texts, sensitive, sensitiveDynamic: [...this.#sensitiveDynamic], foreign };
  }

  restore(stored: StoredProperties, secrets: Secrets): void {
    this.#texts = new Map(Object.entries(stored.texts));
    this.describeForeign(stored.foreign ?? {});
    for (const [name, text] of Object.entries(stored.sensitive ?? {})) this.#texts.set(name, secrets.decrypt(text));
    // The type of a ghost cannot say what is sensitive; how it was stored can.
    const kept = this.#definition ? [] : Object.keys(stored.sensitive ?? {});
    this.#sensitiveDynamic = new Set([...(stored.sensitiveDynamic ?? []), ...kept]);
    this.#forget();
  }

  #forget(): void {
    this.#effective = undefined;
    this.#serviceIds = undefined;
    this.#parameterNames = undefined;
  }
}
