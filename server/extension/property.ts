import { PropertyError } from './errors.ts';
import type { FlowFile } from './flowfile.ts';
import type { ServiceContract } from './service.ts';
import { parseDataSize, parseDuration } from './units.ts';

/** Where expressions of NiFi's Expression Language may look: nowhere, at the environment, or at a FlowFile's attributes too. */
export type ExpressionScope = 'none' | 'environment' | 'flowfile';

/** One of a closed list of values. `value` is stored, `displayName` is shown. */
export interface AllowableValue {
  readonly value: string;
  readonly displayName: string;
  readonly description?: string;
}

/** What is spoken at a port. */
export interface ListenPort {
  readonly transport: 'TCP' | 'UDP';
  /** Such as `http`. */
  readonly applications?: readonly string[];
}

export interface PropertyOptions {
  readonly default?: string;
  /** A component without a value here is invalid. Implied by `default`. */
  readonly required?: boolean;
  /** Encrypted at rest, never shown again. */
  readonly sensitive?: boolean;
  readonly expressions?: ExpressionScope;
  /** With `expressions: 'environment'`: received as a function, for `${UUID()}` gives another value each time. */
  readonly evaluatedAnew?: true;
  readonly displayName?: string;
  /** The number is that of a port at which the component listens while it runs. */
  readonly listenPort?: ListenPort;
  /** Shown and demanded only while the other property (by name) has one of these values; an empty list means any value. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
  /** Called on evaluation too; throws PropertyError. */
  readonly validate?: (text: string) => void;
}

/** One property of a component: form, validation and documentation in one. `T` is what the component's code receives. */
export interface PropertyDescriptor<T = unknown> {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly required: boolean;
  readonly sensitive: boolean;
  readonly expressions: ExpressionScope;
  readonly evaluatedAnew?: true;
  readonly listenPort?: ListenPort;
  readonly default?: string;
  readonly allowableValues?: readonly AllowableValue[];
  /** Set where the value is the id of a controller service of this contract. */
  readonly service?: ServiceContract;
  /** A hint for the editor: `sql`, `json`, `expression`, `text` (multi-line). */
  readonly language?: string;
  readonly dependsOn: Readonly<Record<string, readonly string[]>>;
  /** Text to value. Throws PropertyError. For services the engine replaces it by a look-up. */
  readonly parse: (text: string) => unknown;
  /** Type carrier only; never set. */
  readonly valueType?: T;
}

type Present<T, O> = O extends { default: string } | { required: true } ? T : T | undefined;
/** A property whose expressions may look at a FlowFile is received as a function of it. */
export type Evaluated<T, O> = O extends { expressions: 'flowfile' } | { evaluatedAnew: true } ? (flowFile?: FlowFile) => Present<T, O> : Present<T, O>;

export type PropertyMap = Readonly<Record<string, PropertyDescriptor>>;
/** What `context.properties` holds for a component with these properties. */
export type PropertyValues<P extends PropertyMap> = { readonly [K in keyof P]: P[K] extends PropertyDescriptor<infer T> ? T : never };

interface Extra extends PropertyOptions {
  readonly language?: string;
  readonly allowableValues?: readonly AllowableValue[];
  readonly service?: ServiceContract;
}

function describe<T, O extends Extra>(name: string, description: string, options: O | undefined, parse: (text: string) => unknown) {
  const given: Extra = options ?? {};
  const checked = (text: string): unknown => {
    given.validate?.(text);
    return parse(text);
  };
  const descriptor: PropertyDescriptor<Evaluated<T, O>> = {
    name,
    description,
    displayName: given.displayName ?? name,
    required: given.required ?? given.default !== undefined,
    sensitive: given.sensitive ?? false,
    expressions: given.expressions ?? 'none',
    evaluatedAnew: given.evaluatedAnew,
    listenPort: given.listenPort,
    default: given.default,
    allowableValues: given.allowableValues,
    service: given.service,
    language: given.language,
    dependsOn: given.dependsOn ?? {},
    parse: checked,
  };
  return descriptor;
}

function number(whole: boolean, min: number, max: number) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const fits = value >= min && value <= max && (!whole || Number.isSafeInteger(value));
    if (!fits) throw new PropertyError(`it must be a${whole ? ' whole' : ''} number from ${min} to ${max}`);
    return value;
  };
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    try {
      return new RegExp(text);
    } catch (cause) {
      throw new PropertyError(`it is not a regular expression: ${(cause as Error).message}`);
    }
  }
}

/** A property that is optional although it has a default (NiFi has such ones) says `required: false`. */
export const property = {
  /** Any text. */
  text: <const O extends PropertyOptions & { language?: string } = Record<never, never>>(name: string, description: string, options?: O) =>
    describe<string, O>(name, description, options, (text) => text),

  /** A whole number. */
  integer: <const O extends PropertyOptions & { min?: number; max?: number } = Record<never, never>>(name: string, description: string, options?: O) =>
    describe<number, O>(name, description, options, number(true, options?.min ?? 0, options?.max ?? Number.MAX_SAFE_INTEGER)),

  /** `true` or `false`. */
  boolean: <const O extends PropertyOptions = Record<never, never>>(name: string, description: string, options?: O) =>
    describe<boolean, O & Extra>(
      name,
      description,
      { ...options!, allowableValues: ['true', 'false'].map((value) => ({ value, displayName: value })) },
      (text) => text.toLowerCase() === 'true',
    ),

  /** A duration such as `30 sec`; received in milliseconds. */
  duration: <const O extends PropertyOptions = Record<never, never>>(name: string, description: string, options?: O) =>
    describe<number, O>(name, description, options, parseDuration),

  /** A data size such as `1 MB`; received in bytes. */
  dataSize: <const O extends PropertyOptions = Record<never, never>>(name: string, description: string, options?: O) =>
    describe<number, O>(name, description, options, parseDataSize),

  /** A regular expression. */
  regex: <const O extends PropertyOptions = Record<never, never>>(name: string, description: string, options?: O) => describe<RegExp, O>(name, description, options, regex),

  /** One of a closed list: `{ value: 'Display Name' }`, or a list of AllowableValue where a value needs a description. */
  choice: <const V extends Readonly<Record<string, string>>, const O extends PropertyOptions = Record<never, never>>(name: string, description: string, values: V, options?: O) =>
    describe<keyof V & string, O & Extra>(
      name,
      description,
      { ...options!, allowableValues: Object.entries(values).map(([value, displayName]) => ({ value, displayName })) },
      (text) => {
        if (!Object.hasOwn(values, text)) throw new PropertyError(`it must be one of ${Object.keys(values).join(', ')}`);
        return text;
      },
    ),

  /** An enabled controller service of a contract; received as the service's own object. */
  service: <S, const O extends PropertyOptions = Record<never, never>>(name: string, description: string, contract: ServiceContract<S>, options?: O) =>
    describe<S, O & Extra>(name, description, { ...options!, service: contract }, (text) => text),
};
