import type { AnalyzedComponent, AnalyzedEnd, AnalyzedGroup } from '../extension/flow-analysis-rule.ts';
import type { Component } from './component.ts';
import type { Connectable } from './connectable.ts';
import type { Connection } from './connection.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import { FlowAnalysisRuleNode } from './flow-analysis-rule-node.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';
import { invalid } from './property-validation.ts';

/** What a rule found wrong with a component. */
export interface RuleViolation {
  readonly rule: FlowAnalysisRuleNode;
  readonly group: ProcessGroup;
  readonly subject: Component;
  readonly issueId: string;
  readonly message: string;
}

/**
 * What the enabled rules say of the flow. Looked at anew when an edit ends that touched anything, and never in between: while
 * no rule is enabled it costs nothing.
 */
export class FlowAnalysis {
  readonly #components: ReadonlyMap<string, Component>;
  #violations: readonly RuleViolation[] = [];
  /** Messages of enforced rules by component. */
  #enforced = new Map<string, readonly string[]>();
  readonly #rules = new Set<FlowAnalysisRuleNode>();

  constructor(components: ReadonlyMap<string, Component>) {
    this.#components = components;
  }

  /** In the groups given, or everywhere. */
  violations(groups?: ReadonlySet<ProcessGroup>): readonly RuleViolation[] {
    return groups ? this.#violations.filter(({ group }) => groups.has(group)) : this.#violations;
  }

  /** What enforced rules have against a component, as validation says it. */
  problemsOf(id: string): readonly string[] {
    return this.#enforced.get(id) ?? [];
  }

  /** After an edit: these components were touched, and perhaps some removed. Returns those whose validity may be another one now. */
  refresh(touched: Iterable<Component>): Component[] {
    for (const component of touched) if (component instanceof FlowAnalysisRuleNode) this.#rules.add(component);
    if (this.#rules.size === 0) return [];
    for (const rule of this.#rules) if (!rule.isActive || this.#components.get(rule.id) !== rule) this.#rules.delete(rule);
    this.#violations = this.#rules.size === 0 ? [] : [...this.#groups()].flatMap((group) => this.#analyze(group));
    return this.#enforce();
  }

  *#groups(): Generator<ProcessGroup> {
    for (const component of this.#components.values()) if (component instanceof ProcessGroup) yield component;
  }

  #analyze(group: ProcessGroup): RuleViolation[] {
    const analyzed = analyzedGroup(group);
    return [...this.#rules].flatMap((rule) =>
      rule.analyze(analyzed).map(({ componentId, issueId, message }) => ({ rule, group, subject: this.#components.get(componentId) ?? group, issueId, message })),
    );
  }

  /** Those whose enforced violations differ from before are validated anew. */
  #enforce(): Component[] {
    const before = this.#enforced;
    this.#enforced = new Map();
    for (const { rule, subject, message } of this.#violations) {
      if (rule.enforcementPolicy === 'ENFORCE') this.#enforced.set(subject.id, [...this.problemsOf(subject.id), invalid(rule.name, undefined, message)]);
    }
    const ids = [...new Set([...before.keys(), ...this.#enforced.keys()])].filter((id) => String(before.get(id)) !== String(this.#enforced.get(id)));
    const changed = ids.map((id) => this.#components.get(id)).filter((component) => component instanceof ProcessorNode || component instanceof ControllerServiceNode);
    for (const component of changed) component.forgetValidation();
    return changed;
  }
}

function analyzedGroup(group: ProcessGroup): AnalyzedGroup {
  const components = [...group.configured()].map(({ kind, id, name, type }): AnalyzedComponent => ({ kind, id, name, type }));
  return { id: group.id, name: group.name, components, connections: [...group.connections.values()].map(analyzedConnection) };
}

function analyzedConnection({ id, name, selectedRelationships, source, destination, config }: Connection) {
  const { backPressureObjectThreshold, backPressureDataSizeThreshold, flowFileExpiration } = config;
  const shown = name || selectedRelationships.join(', ');
  return { id, name: shown, source: end(source), destination: end(destination), backPressureObjectThreshold, backPressureDataSizeThreshold, flowFileExpiration };
}

function end({ kind, id, name }: Connectable): AnalyzedEnd {
  return { kind, id, name };
}
