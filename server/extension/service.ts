import type { ComponentContext, ComponentDeclaration } from './component.ts';
import type { PropertyMap } from './property.ts';

/**
 * The promise that a kind of controller service makes to the components that use it. Two contracts are the same when their
 * `type` is; the object carries the TypeScript type `S` of what an enabled service hands out.
 */
export interface ServiceContract<S = unknown> {
  /** Full type name, such as `dev.millrace.warehouse.Warehouse`; shown as the API of a service. */
  readonly type: string;
  /** Type carrier only; never set. */
  readonly serviceType?: S;
}

/** Declares a contract. */
export function serviceContract<S>(type: string): ServiceContract<S> {
  return { type };
}

/** Which of the two public keys of a user a generated one is meant to be: both are valid, so that keys can be replaced without a pause. */
export type KeySlot = 'first' | 'second';

/** A pair of RSA keys that the server generates for a service: the private key goes into its sensitive properties and nowhere else. */
export interface GeneratedKeyPair {
  /** The property that holds the private key. */
  readonly property: string;
  /** The property that keeps the one before it, so that it is good until the new public key is known. */
  readonly previous: string;
  /** Properties that name a private key kept elsewhere; nothing is generated while one of them is set. */
  readonly elsewhere: readonly string[];
  /** What somebody has to do with the public key (base64 of its DER), given the service's properties. */
  instruction(publicKey: string, slot: KeySlot, properties: ReadonlyMap<string, string>): string;
}

/** A controller service: something shared and configured once, such as a connection to a warehouse. */
export interface ControllerServiceDefinition<P extends PropertyMap = PropertyMap, S = unknown> extends ComponentDeclaration<P> {
  readonly kind: 'controller-service';
  /** The contracts that it fulfils. */
  readonly provides: readonly ServiceContract<S>[];
  /** Set, where the server can generate the service's keys. */
  readonly keyPair?: GeneratedKeyPair;
  /** Makes the object that components receive. A throw leaves the service ENABLING; the engine tries again. */
  onEnabled(context: ComponentContext<P>): S | Promise<S>;
  /** Releases what `onEnabled` took. */
  onDisabled?(service: S): void | Promise<void>;
}

/** Declares a controller service; the file's default export. */
export function defineControllerService<P extends PropertyMap, S>(definition: Omit<ControllerServiceDefinition<P, S>, 'kind'>): ControllerServiceDefinition<P, S> {
  return { ...definition, kind: 'controller-service' } as ControllerServiceDefinition<P, S>;
}
