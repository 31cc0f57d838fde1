import type { ComponentContext, ComponentDeclaration } from './component.ts';
import type { PropertyMap } from './property.ts';

/** A processor or controller service as rules see it. */
export interface AnalyzedComponent {
  readonly kind: 'PROCESSOR' | 'CONTROLLER_SERVICE';
  readonly id: string;
  readonly name: string;
  /** Full type name. */
  readonly type: string;
}

/** What a connection leads from or to. */
export interface AnalyzedEnd {
  readonly kind: 'PROCESSOR' | 'INPUT_PORT' | 'OUTPUT_PORT' | 'FUNNEL';
  readonly id: string;
  readonly name: string;
}

/** A connection as rules see it. */
export interface AnalyzedConnection {
  readonly id: string;
  /** Its own name, or its relationships. */
  readonly name: string;
  readonly source: AnalyzedEnd;
  readonly destination: AnalyzedEnd;
  readonly backPressureObjectThreshold: number;
  /** Such as `1 GB`. */
  readonly backPressureDataSizeThreshold: string;
  /** Such as `0 sec`, which means never. */
  readonly flowFileExpiration: string;
}

/** A group as rules see it: what is directly in it. */
export interface AnalyzedGroup {
  readonly id: string;
  readonly name: string;
  readonly components: readonly AnalyzedComponent[];
  readonly connections: readonly AnalyzedConnection[];
}

/** What a rule finds wrong. */
export interface Violation {
  /** Tells several findings of one rule about one component apart. */
  readonly issueId: string;
  /** A sentence for people. */
  readonly message: string;
  /** The component of the group that it is about; where the rule is enforced, that one is invalid. */
  readonly componentId: string;
}

/** A flow analysis rule: looks at the design of the flow whenever that changes. */
export interface FlowAnalysisRuleDefinition<P extends PropertyMap = PropertyMap> extends ComponentDeclaration<P> {
  readonly kind: 'flow-analysis-rule';
  /** Looks at one group and what is directly in it. Pure and quick: it runs within the edit that changes the flow. */
  analyze(group: AnalyzedGroup, context: ComponentContext<P>): readonly Violation[];
}

/** Declares a flow analysis rule; the file's default export. */
export function defineFlowAnalysisRule<P extends PropertyMap>(definition: Omit<FlowAnalysisRuleDefinition<P>, 'kind'>): FlowAnalysisRuleDefinition<P> {
  return { ...definition, kind: 'flow-analysis-rule' };
}
