import type { ComponentDeclaration } from '../extension/component.ts';
import { messageOf } from '../extension/errors.ts';
import type { PropertyDescriptor, PropertyMap } from '../extension/property.ts';
import type { ConfiguredDescriptor, ConfiguredProperties } from './configured-properties.ts';
import { compileExpression } from './expression/compile.ts';
import { parameterReferences, substituteParameters } from './expression/parameter-references.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import { dependenciesMet } from './property-dependencies.ts';
import type { PropertyScope } from './property-scope.ts';
import { evaluateProperties, parameterValue } from './property-values.ts';

/** A result of validation in NiFi's words; a sensitive value is never repeated. */
export function invalid(subject: string, input: string | undefined, explanation: string): string {
  return input === undefined ? `'${subject}' is invalid because ${explanation}` : `'${subject}' validated against '${input}' is invalid because ${explanation}`;
}

/** Everything that is wrong with the property texts of a component; empty means valid. */
export function validateProperties(definition: ComponentDeclaration<PropertyMap>, configured: ConfiguredProperties, scope: PropertyScope): string[] {
  const problems = configured.descriptors().flatMap((descriptor) => {
    if (!dependenciesMet(descriptor, configured, scope)) return [];
    const problem = validateProperty(definition, descriptor, configured.effective.get(descriptor.name), scope);
    return problem === undefined ? [] : [problem];
  });
  // As in NiFi, cross-checks may rely on each value being valid by itself.
  return problems.length > 0 || !definition.validate ? problems : crossCheck(definition, configured, scope);
}

function crossCheck(definition: ComponentDeclaration<PropertyMap>, configured: ConfiguredProperties, scope: PropertyScope): string[] {
  try {
    const { properties } = evaluateProperties(definition, configured, scope, new FlowFileEvaluation(scope));
    return definition.validate!(properties);
  } catch (thrown) {
    return [`The configuration could not be checked: ${messageOf(thrown)}`];
  }
}

function validateProperty(definition: ComponentDeclaration<PropertyMap>, descriptor: ConfiguredDescriptor, text: string | undefined, scope: PropertyScope): string | undefined {
  const { displayName } = descriptor;
  if (text === undefined) return descriptor.required ? invalid(displayName, undefined, `${displayName} is required`) : undefined;
  const shown = descriptor.sensitive ? undefined : text;
  if (descriptor.unsupported) return invalid(displayName, shown, `'${descriptor.name}' is not a supported property or has no Validator associated with it`);
  const reason = parameterProblem(descriptor, text, scope);
  if (reason !== undefined) return invalid(displayName, shown, reason);
  const problem = valueProblem(definition, descriptor, text, scope);
  if (problem === undefined) return undefined;
  // A message that quotes a secret would show it to everyone.
  return invalid(displayName, shown, descriptor.sensitive && quotes(problem, text, scope) ? 'its value does not fit' : problem);
}

function quotes(reason: string, text: string, scope: PropertyScope): boolean {
  const value = substituteParameters(text, (name) => scope.parameter(name)?.value ?? '');
  return value !== '' && reason.includes(value);
}

function parameterProblem(descriptor: PropertyDescriptor, text: string, scope: PropertyScope): string | undefined {
  for (const name of parameterReferences(text)) {
    if (scope.parameterContext === undefined) return 'Property references one or more Parameters but no Parameter Context is currently set on the Process Group.';
    const parameter = scope.parameter(name);
    if (!parameter) return `Property references Parameter '${name}' but the currently selected Parameter Context does not have a Parameter with that name`;
    if (parameter.value === undefined) return `Property references Parameter '${name}' but that Parameter has no value`;
    if (descriptor.service || parameter.sensitive === descriptor.sensitive) continue;
    return parameter.sensitive
      ? `Property cannot reference Parameter '${name}' because the Parameter is sensitive but the Property is not`
      : `Property cannot reference Parameter '${name}' because the Property is sensitive but the Parameter is not`;
  }
  return undefined;
}

function valueProblem(definition: ComponentDeclaration<PropertyMap>, descriptor: ConfiguredDescriptor, text: string, scope: PropertyScope): string | undefined {
  try {
    if (descriptor.dynamic) definition.dynamicProperties?.checkName?.(descriptor.name);
    if (descriptor.service) return serviceProblem(descriptor, substituteParameters(text, parameterValue(scope)), scope);
    if (descriptor.expressions === 'none') return textProblem(descriptor, substituteParameters(text, parameterValue(scope)));
    return expressionProblem(definition, descriptor, text, scope);
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function expressionProblem(definition: ComponentDeclaration<PropertyMap>, descriptor: ConfiguredDescriptor, text: string, scope: PropertyScope): string | undefined {
  const compiled = compileExpression(text, parameterValue(scope));
  const wanted = descriptor.dynamic ? definition.dynamicProperties?.expressionType : undefined;
  if (wanted === 'boolean') {
    if (compiled.constant !== undefined) return 'Not a valid Expression: it must be an expression that yields true or false, such as ${fileSize:gt(10)}';
    if (compiled.resultType !== 'boolean') return `Expected Attribute Query to return type BOOLEAN but query returns type ${compiled.resultType.toUpperCase()}`;
  }
  // What an expression yields is known only when it is evaluated, unless it looks at no FlowFile.
  if (compiled.constant === undefined && descriptor.expressions === 'flowfile') return undefined;
  return textProblem(descriptor, compiled.evaluate(new FlowFileEvaluation(scope)));
}

function textProblem(descriptor: PropertyDescriptor, text: string): string | undefined {
  const { allowableValues } = descriptor;
  if (allowableValues && !allowableValues.some(({ value }) => value === text)) {
    return `Given value not found in allowed set '${allowableValues.map(({ value }) => value).join(', ')}'`;
  }
  // Throws what is wrong.
  descriptor.parse(text);
  return undefined;
}

function serviceProblem(descriptor: PropertyDescriptor, id: string, scope: PropertyScope): string | undefined {
  const service = scope.service(id);
  if (!service) return 'Property references a Controller Service that does not exist';
  if (!service.provides(descriptor.service!)) return `Controller Service ${service.name} with ID ${id} is not of type ${descriptor.service!.type}`;
  return service.isEnabled ? undefined : `Controller Service with ID ${id} is disabled`;
}
