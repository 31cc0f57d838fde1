import type { Edge, Node } from '@xyflow/react';
import type { PositionDto } from '../api/shapes.ts';
import type { RunState } from '../shared/run-state.ts';

/** What the canvas draws: only what is seen, so that whatever is the same in two answers is drawn once. */

export interface Traffic {
  readonly count: number;
  readonly bytes: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface BulletinSummary {
  readonly count: number;
  /** The worst. */
  readonly level: 'INFO' | 'WARNING' | 'ERROR';
  readonly latest: string;
}

/** What every node carries. */
type Placed = {
  /** Of the component's revision; tells whether an answer is newer than an edit. */
  readonly version: number;
  readonly bulletins?: BulletinSummary;
};

export type ProcessorView = Placed & {
  readonly name: string;
  readonly type: string;
  readonly state: RunState;
  readonly threads: number;
  readonly problems: readonly string[];
  readonly input: Traffic;
  readonly output: Traffic;
  readonly tasks: number;
  readonly taskMillis: number;
  /** Neither connection can reach (a source) nor leave it (a sink). */
  readonly takesInput: boolean;
  /** Chosen by the user. */
  readonly colour?: string;
};

export type GroupView = Placed & {
  readonly name: string;
  readonly comments: string;
  readonly counts: { readonly running: number; readonly stopped: number; readonly invalid: number; readonly disabled: number };
  readonly threads: number;
  readonly queued: Traffic;
  readonly input: Traffic;
  readonly output: Traffic;
  readonly read: number;
  readonly written: number;
};

export type PortView = Placed & {
  readonly name: string;
  readonly state: RunState;
  readonly threads: number;
  readonly problems: readonly string[];
};

export type FunnelView = Placed;

export type LabelView = Placed & {
  readonly text: string;
  readonly background?: string;
  readonly fontSize?: string;
};

export type ProcessorNode = Node<ProcessorView, 'processor'>;
export type GroupNode = Node<GroupView, 'group'>;
export type PortNode = Node<PortView, 'input-port' | 'output-port'>;
export type FunnelNode = Node<FunnelView, 'funnel'>;
export type LabelNode = Node<LabelView, 'label'>;
export type CanvasNode = ProcessorNode | GroupNode | PortNode | FunnelNode | LabelNode;

/** Whether data went through a connection: right now, within five minutes, or not. */
export type Movement = 'moving' | 'recent' | 'idle';

/** Which of several connections between the same two nodes, counted from the middle: -0.5 and 0.5 are two side by side. */
export type Lane = number;

export type ConnectionView = {
  readonly name: string;
  readonly relationships: readonly string[];
  readonly queued: Traffic;
  /** Of the back pressure threshold that is nearest. */
  readonly percent: number;
  readonly penalized: boolean;
  readonly expires: boolean;
  readonly prioritized: boolean;
  readonly movement: Movement;
  readonly bends: readonly PositionDto[];
  readonly labelIndex: number;
  readonly lane: Lane;
  /** Of the two nodes, for where the line leaves them. */
  readonly sizes: { readonly source: Size; readonly target: Size };
};

export type CanvasEdge = Edge<ConnectionView, 'connection'>;

export interface CanvasModel {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly CanvasEdge[];
}
