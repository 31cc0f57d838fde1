import type { ServiceContract } from '../extension/service.ts';

/** A parameter as properties see it. */
export interface VisibleParameter {
  /** Absent where it has no value. */
  readonly value: string | undefined;
  readonly sensitive: boolean;
}

/** A controller service as properties see it. */
export interface VisibleService {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  provides(contract: ServiceContract): boolean;
  /** What the service hands out; throws while it is not enabled. */
  readonly instance: unknown;
}

/** What property texts may refer to, seen from where the component stands. */
export interface PropertyScope {
  /** Name of the parameter context in force; undefined where the group has none. */
  readonly parameterContext: string | undefined;
  parameter(name: string): VisibleParameter | undefined;
  /** A controller service of the component's group or one above it. */
  service(id: string): VisibleService | undefined;
  environment(name: string): string | undefined;
  environmentNames(): Iterable<string>;
  /** Milliseconds since 1970. */
  now(): number;
}
