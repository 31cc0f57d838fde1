import type { VerificationStep } from '../extension/component.ts';
import { messageOf } from '../extension/errors.ts';
import { componentContext } from './component-context.ts';
import { ConfiguredProperties, type PropertyEdit } from './configured-properties.ts';
import type { ConfiguredComponent } from './configured-component.ts';
import { ConflictError } from './errors.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import type { ProcessorNode } from './processor-node.ts';
import type { PropertyScope } from './property-scope.ts';
import { validateProperties } from './property-validation.ts';
import { evaluateProperties } from './property-values.ts';

/** How long a component may take to test its connection, milliseconds. */
const PATIENCE = 5 * 60_000;

/** What works must not be disturbed by a test (NiFi). Throws ConflictError. */
export function checkCanVerify(node: ProcessorNode | ConfiguredComponent): void {
  const isBusy = 'physicalState' in node ? node.state === 'RUNNING' || node.physicalState === 'STOPPING' : node.isActive;
  if (!isBusy) return;
  const remedy = node.state === 'RUNNING' || node.state === 'STOPPED' ? 'Stop it' : 'Disable it';
  throw new ConflictError(
    `Cannot test the configuration of ${node.label} because it is ${('physicalState' in node ? node.physicalState : node.state).toLowerCase()}. ${remedy} first.`,
  );
}

/**
 * Tries a configuration without keeping it: the present texts changed by `edit`. `attributes` stand for those of a FlowFile
 * where expressions of the environment ask for them.
 */
export async function verifyComponent(
  node: ProcessorNode | ConfiguredComponent,
  edit: PropertyEdit = {},
  attributes: Readonly<Record<string, string>> = {},
): Promise<VerificationStep[]> {
  const { definition } = node;
  if (!definition) return [{ name: 'Perform Validation', outcome: 'FAILED', explanation: node.validationErrors.join('; ') }];
  const proposed = proposedProperties(node, edit);
  const scope = withAttributes(node.propertyScope, attributes);
  const problems = validateProperties(definition, proposed, scope);
  if (problems.length > 0) return [{ name: 'Perform Validation', outcome: 'FAILED', explanation: `Component is invalid: ${problems.join('; ')}` }];
  const validated: VerificationStep = { name: 'Perform Validation', outcome: 'SUCCESSFUL', explanation: 'Component Validation passed' };
  if (!definition.verify) return [validated];
  const abort = new AbortController();
  const cancel = node.runtime.clock.after(PATIENCE, () => abort.abort(new Error('The test took too long')));
  try {
    const values = evaluateProperties(definition, proposed, scope, new FlowFileEvaluation(scope));
    return [validated, ...(await definition.verify(componentContext(node, values, abort.signal)))];
  } catch (thrown) {
    return [validated, { name: 'Perform Verification', outcome: 'FAILED', explanation: messageOf(thrown) }];
  } finally {
    cancel();
  }
}

/** What would be wrong with the properties of a component after an edit, which is not kept; empty for a type that is not installed. */
export function validateProposed(node: ProcessorNode | ConfiguredComponent, edit: PropertyEdit, sensitiveDynamic?: readonly string[]): string[] {
  return node.definition ? validateProperties(node.definition, proposedProperties(node, edit, sensitiveDynamic), node.propertyScope) : [];
}

function proposedProperties({ definition, properties }: ProcessorNode | ConfiguredComponent, edit: PropertyEdit, sensitiveDynamic?: readonly string[]): ConfiguredProperties {
  const proposed = new ConfiguredProperties(definition);
  proposed.set(Object.fromEntries(properties.texts), [...properties.sensitiveDynamic]);
  proposed.set(edit, sensitiveDynamic);
  return proposed;
}

function withAttributes(scope: PropertyScope, attributes: Readonly<Record<string, string>>): PropertyScope {
  return {
    parameterContext: scope.parameterContext,
    parameter: (name) => scope.parameter(name),
    service: (id) => scope.service(id),
    environment: (name) => attributes[name] ?? scope.environment(name),
    *environmentNames() {
      yield* Object.keys(attributes);
      yield* scope.environmentNames();
    },
    now: () => scope.now(),
  };
}
