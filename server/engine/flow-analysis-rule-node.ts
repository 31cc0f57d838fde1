import { messageOf } from '../extension/errors.ts';
import type { AnalyzedGroup, Violation } from '../extension/flow-analysis-rule.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent, type ConfiguredEdit, type StoredConfigured } from './configured-component.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import type { Runtime } from './runtime.ts';

/** Whether violations are only shown, or make components invalid. */
export type EnforcementPolicy = 'WARN' | 'ENFORCE';

export interface RuleEdit extends ConfiguredEdit {
  readonly enforcementPolicy?: EnforcementPolicy;
}

export interface StoredRule extends StoredConfigured {
  readonly enforcementPolicy: EnforcementPolicy;
  readonly scheduledState: 'ENABLED' | 'DISABLED';
}

/** A flow analysis rule; while it is enabled, FlowAnalysis asks it whenever the flow changes. */
export class FlowAnalysisRuleNode extends ConfiguredComponent<'flow-analysis-rule'> {
  readonly kind = 'FLOW_ANALYSIS_RULE';
  #policy: EnforcementPolicy = 'WARN';
  #state: 'ENABLED' | 'DISABLED' = 'DISABLED';
  #context: ReturnType<FlowAnalysisRuleNode['makeContext']> | undefined;

  constructor(runtime: Runtime, id: string, type: string, bundle: Bundle) {
    super(runtime, id, null, 'flow-analysis-rule', type, bundle);
  }

  get enforcementPolicy(): EnforcementPolicy {
    return this.#policy;
  }

  get state(): 'ENABLED' | 'DISABLED' {
    return this.#state;
  }

  get isActive(): boolean {
    return this.#state === 'ENABLED';
  }

  checkModifiable(): void {
    if (this.isActive) throw new ConflictError(`Cannot modify flow analysis rule ${this.label} because it is enabled. Disable it first.`);
  }

  checkRemovable(): void {
    if (this.isActive) throw new ConflictError(`Cannot remove flow analysis rule ${this.label} because it is enabled. Disable it first.`);
  }

  override configure(edit: RuleEdit): void {
    const policy = edit.enforcementPolicy ?? this.#policy;
    if (policy !== 'WARN' && policy !== 'ENFORCE') throw new InvalidRequestError(`'${String(policy)}' is not an enforcement policy: it must be WARN or ENFORCE.`);
    super.configure(edit);
    this.#policy = policy;
  }

  /** Throws ConflictError where it is not valid. */
  enable(): void {
    if (!this.isValid) throw new ConflictError(`Cannot enable flow analysis rule ${this.label} because it is not valid: ${this.validationErrors.join('; ')}`);
    this.#enter('ENABLED');
  }

  disable(): void {
    this.#enter('DISABLED');
  }

  letGo(): Promise<void> {
    this.disable();
    return Promise.resolve();
  }

  #enter(state: 'ENABLED' | 'DISABLED'): void {
    if (this.#state === state) return;
    this.#state = state;
    this.runtime.touch(this);
  }

  override forgetValidation(): void {
    super.forgetValidation();
    this.#context = undefined;
  }

  /** What it finds in a group; nothing while it is not enabled and valid. What it throws is told in a bulletin. */
  analyze(group: AnalyzedGroup): readonly Violation[] {
    if (!this.isActive || !this.isValid) return [];
    try {
      this.#context ??= this.makeContext(new AbortController().signal);
      return this.definition!.analyze(group, this.#context);
    } catch (thrown) {
      this.log.error(`Failed to analyze process group ${group.name} (${group.id}): ${messageOf(thrown)}`);
      return [];
    }
  }

  override toStored(): StoredRule {
    return { ...super.toStored(), enforcementPolicy: this.#policy, scheduledState: this.#state };
  }

  override restore(stored: StoredRule): void {
    super.restore(stored);
    this.#policy = stored.enforcementPolicy;
    this.#state = stored.scheduledState;
  }
}
