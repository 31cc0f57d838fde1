import type { LogLevel } from '../extension/component.ts';
import type { FlowView } from '../extension/flow-view.ts';
import type { BulletinBoard } from './bulletins.ts';
import type { Clock } from './clock.ts';
import type { Component } from './component.ts';
import type { ComponentTypes } from './component-types.ts';
import type { ControllerLevelNode } from './controller-level.ts';
import type { ControllerServiceNode } from './controller-service-node.ts';
import type { FlowAnalysis } from './flow-analysis.ts';
import type { Journal } from './journal.ts';
import type { Scheduler } from './scheduler.ts';
import type { TimeZones } from './time-zones.ts';

/** Encrypts what is stored of sensitive values. */
export interface Secrets {
  encrypt(text: string): string;
  /** Throws where the text was encrypted with another key. */
  decrypt(text: string): string;
}

/** A line for the host's log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly time: number;
  /** The component's name and id; absent for the engine's own lines. */
  readonly component?: { readonly id: string; readonly name: string; readonly kind: string };
  readonly message: string;
}

/** Something that waits until its configuration is valid, to start by itself. */
export interface WaitsForValidity {
  /** Look again: something may have changed. */
  reconsider(): void;
}

/** What the nodes of the flow share: the FlowController's inside. */
export interface Runtime {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly scheduler: Scheduler;
  readonly types: ComponentTypes;
  readonly secrets: Secrets;
  readonly bulletins: BulletinBoard;
  /** Where embedded databases and other files of components live. */
  readonly componentDirectory: string;
  /** Whether the flow runs: funnels work from then on. */
  readonly running: boolean;
  /** Of cron schedules; undefined for the machine's own. */
  readonly timeZone: string | undefined;
  /** Zones of groups that have one of their own. */
  readonly timeZones: TimeZones;
  /** What flow analysis rules say of the flow. */
  readonly analysis: FlowAnalysis;
  /** The whole flow, to look at only. */
  readonly view: FlowView;
  /** Values that expressions may use besides attributes. */
  environment(name: string): string | undefined;
  environmentNames(): Iterable<string>;
  /** The number of a component in the store. */
  keyOf(id: string): number;
  /** The controller service with this id, wherever it is. */
  service(id: string): ControllerServiceNode | undefined;
  /** Controller services, reporting tasks ... outside of all groups. */
  controllerLevel(): Iterable<ControllerServiceNode | ControllerLevelNode>;
  log(line: LogLine): void;
  /** Adds an entry to the audit, where there is one. */
  audit(entry: object): void;
  /** The component's configuration changed: it is stored when the edit under way ends. */
  touch(component: Component): void;
  /** The component's state changed by itself; whoever waits for validity looks again. */
  changed(component: Component): void;
  /** Connections changed: ranks are out of date. */
  graphChanged(): void;
  waitForValidity(node: WaitsForValidity): void;
  stopWaiting(node: WaitsForValidity): void;
}

/** How long a component that failed to start is left alone before it is tried again, milliseconds (NiFi's administrative yield). */
export const ADMINISTRATIVE_YIELD = 30_000;
