import type { ComponentContext, ComponentDeclaration, DynamicProperties } from '../extension/component.ts';
import type { FlowFile } from '../extension/flowfile.ts';
import { RegexTimeout } from '../extension/java/regex-guard.ts';
import type { PropertyDescriptor, PropertyMap } from '../extension/property.ts';
import type { ConfiguredProperties } from './configured-properties.ts';
import { compileExpression, type CompiledExpression } from './expression/compile.ts';
import { substituteParameters } from './expression/parameter-references.ts';
import type { FlowFileEvaluation } from './flowfile-evaluation.ts';
import { dependenciesMet } from './property-dependencies.ts';
import type { PropertyScope } from './property-scope.ts';

/** What contexts hand to processors and services. */
export interface EvaluatedProperties {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dynamic: ComponentContext<PropertyMap>['dynamic'];
  readonly dynamicServices: ComponentContext<PropertyMap>['dynamicServices'];
  readonly sensitiveDynamic: ComponentContext<PropertyMap>['sensitiveDynamic'];
  readonly compile: ComponentContext<PropertyMap>['compile'];
}

/**
 * Turns valid texts into what the component's code receives. Texts are compiled here, once; what is left for each FlowFile is
 * the evaluation itself. Throws PropertyError or ExpressionSyntaxError where a text is not valid after all.
 */
export function evaluateProperties(
  definition: ComponentDeclaration<PropertyMap>,
  configured: ConfiguredProperties,
  scope: PropertyScope,
  evaluation: FlowFileEvaluation,
): EvaluatedProperties {
  const properties: Record<string, unknown> = {};
  for (const [key, descriptor] of Object.entries(definition.properties)) {
    properties[key] = declaredValue(descriptor, configured, scope, evaluation);
  }
  const dynamic = new Map<string, (flowFile?: FlowFile) => string>();
  const dynamicServices = new Map<string, unknown>();
  for (const [name, text] of configured.texts) {
    if (!configured.isDynamic(name)) continue;
    dynamic.set(name, naming(name, dynamicValue(definition.dynamicProperties, text, scope, evaluation)));
    if (definition.dynamicProperties?.service) dynamicServices.set(name, serviceInstance(substituteParameters(text, parameterValue(scope)), scope));
  }
  const compile = (text: string): ((flowFile?: FlowFile) => string) => perFlowFile(text, scope, evaluation);
  const sensitiveDynamic = new Set([...dynamic.keys()].filter((name) => configured.isSensitive(name)));
  return Object.freeze({ properties: Object.freeze(properties), dynamic, dynamicServices, sensitiveDynamic, compile });
}

function perFlowFile(text: string, scope: PropertyScope, evaluation: FlowFileEvaluation): (flowFile?: FlowFile) => string {
  const compiled = compileExpression(text, parameterValue(scope));
  const { constant } = compiled;
  return constant === undefined ? (flowFile) => evaluateFor(compiled, evaluation, flowFile) : () => constant;
}

const nothing = (): undefined => undefined;

/** What a component's code receives of one property. Throws where its text is not valid. */
export function declaredValue(descriptor: PropertyDescriptor, configured: ConfiguredProperties, scope: PropertyScope, evaluation: FlowFileEvaluation): unknown {
  const text = configured.effective.get(descriptor.name);
  const perFlowFile = descriptor.expressions === 'flowfile' || descriptor.evaluatedAnew === true;
  if (text === undefined) return perFlowFile ? nothing : undefined;
  try {
    return textValue(descriptor, text, scope, evaluation);
  } catch (thrown) {
    // What is not demanded at present may be anything.
    if (!dependenciesMet(descriptor, configured, scope)) return perFlowFile ? nothing : undefined;
    throw thrown;
  }
}

function textValue(descriptor: PropertyDescriptor, text: string, scope: PropertyScope, evaluation: FlowFileEvaluation): unknown {
  const parameter = parameterValue(scope);
  if (descriptor.service) return serviceInstance(substituteParameters(text, parameter), scope);
  if (descriptor.expressions === 'none') return descriptor.parse(substituteParameters(text, parameter));
  const compiled = compileExpression(text, parameter);
  if (descriptor.expressions === 'environment' && !descriptor.evaluatedAnew) return descriptor.parse(evaluateFor(compiled, evaluation, undefined));
  if (compiled.constant !== undefined) {
    const value = descriptor.parse(compiled.constant);
    return () => value;
  }
  return naming(descriptor.name, (flowFile?: FlowFile) => descriptor.parse(evaluateFor(compiled, evaluation, descriptor.evaluatedAnew ? undefined : flowFile)));
}

function serviceInstance(id: string, scope: PropertyScope): unknown {
  return scope.service(id)?.instance;
}

function dynamicValue(declared: DynamicProperties | undefined, text: string, scope: PropertyScope, evaluation: FlowFileEvaluation): (flowFile?: FlowFile) => string {
  if (!declared || declared.expressions === 'none') {
    const value = substituteParameters(text, parameterValue(scope));
    return () => value;
  }
  const value = perFlowFile(text, scope, evaluation);
  // What may look at the environment only is evaluated each time too: `${now()}` is another one for each batch.
  return declared.expressions === 'environment' ? () => value() : value;
}

/** Expressions that take too long say in which property. */
function naming<T>(property: string, evaluate: (flowFile?: FlowFile) => T): (flowFile?: FlowFile) => T {
  return (flowFile) => {
    try {
      return evaluate(flowFile);
    } catch (thrown) {
      throw thrown instanceof RegexTimeout ? thrown.of(property) : thrown;
    }
  };
}

function evaluateFor(compiled: CompiledExpression, evaluation: FlowFileEvaluation, flowFile: FlowFile | undefined): string {
  evaluation.flowFile = flowFile;
  return compiled.evaluate(evaluation);
}

/** How the compiler asks for a parameter's value. */
export function parameterValue(scope: PropertyScope): (name: string) => string | undefined {
  return (name) => scope.parameter(name)?.value;
}
