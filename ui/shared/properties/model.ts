import type { PropertyDescriptorDto } from '../../api/shapes.ts';

export type Descriptors = Readonly<Record<string, PropertyDescriptorDto>>;
/** Texts by the name of the property; null where there is none. */
export type Values = Readonly<Record<string, string | null>>;

/** What the API shows in place of a sensitive value. */
export const MASK = '********';

/** Whether what a property depends on is as it must be for it to count. */
export function applies({ dependencies = [] }: PropertyDescriptorDto, descriptors: Descriptors, values: Values): boolean {
  return dependencies.every(({ propertyName, dependentValues }) => {
    const parent = descriptors[propertyName];
    const value = values[propertyName] ?? parent?.defaultValue ?? null;
    if (value === null || (parent && !applies(parent, descriptors, values))) return false;
    return !dependentValues || dependentValues.length === 0 || dependentValues.includes(value);
  });
}

/** The properties that count: declared ones in their order, then those that were added. */
export function shownDescriptors(descriptors: Descriptors, values: Values): PropertyDescriptorDto[] {
  const all = Object.values(descriptors).filter((descriptor) => applies(descriptor, descriptors, values));
  return [...all.filter(({ dynamic }) => !dynamic), ...all.filter(({ dynamic, name }) => dynamic && values[name] !== null)];
}

/** The text with a reference in it, so that the server alone can say what it comes to. */
export const hasReference = (text: string): boolean => /[$#]\{/.test(text);

/** What the page itself can say of a value, before the server has looked at it. */
export function problemOf({ displayName, required, allowableValues, identifiesControllerService }: PropertyDescriptorDto, value: string | null): string | undefined {
  if (value === null || value === undefined) return required ? `${displayName} is required` : undefined;
  if (!allowableValues || hasReference(value)) return undefined;
  if (allowableValues.some(({ allowableValue }) => allowableValue.value === value)) return undefined;
  if (identifiesControllerService) return 'This controller service does not exist any more, or cannot be reached from here';
  return `'${value}' is not one of the values that ${displayName} may have`;
}

/** Problems of the server: by the property that they speak of, and the others. */
export interface SortedProblems {
  readonly byProperty: Readonly<Record<string, string>>;
  readonly others: readonly string[];
}

const SUBJECT = /^'(.+?)' (?:validated against '[\s\S]*' )?is invalid because ([\s\S]*)$/;

/** Finds out which properties the server's sentences are about. */
export function sortProblems(problems: readonly string[], descriptors: Descriptors): SortedProblems {
  const byProperty: Record<string, string> = {};
  const others: string[] = [];
  const names = new Map(Object.values(descriptors).flatMap(({ name, displayName }) => [[displayName, name] as const, [name, name] as const]));
  for (const problem of problems) {
    const [, subject, reason] = SUBJECT.exec(problem) ?? [];
    const name = subject === undefined ? undefined : names.get(subject);
    if (name === undefined) others.push(problem);
    else byProperty[name] ??= sentence(reason!);
  }
  return { byProperty, others };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Whether a name may be given to a new property; a sentence where it may not. */
export function refusalOfName(name: string, descriptors: Descriptors, values: Values): string | undefined {
  if (name.trim() === '') return 'The name must not be empty';
  const known = descriptors[name];
  if (known && !(known.dynamic && values[name] === null)) return `There is a property '${name}' already`;
  return undefined;
}

/** How a property is best edited. */
export type Control = 'choice' | 'service' | 'secret' | 'text';

export function controlOf({ sensitive, identifiesControllerService, allowableValues }: PropertyDescriptorDto): Control {
  if (sensitive) return 'secret';
  if (identifiesControllerService) return 'service';
  return allowableValues && allowableValues.length > 0 ? 'choice' : 'text';
}

/** The name that a parameter gets which is made of a property: only characters that NiFi allows in one. */
export function parameterNameFor(property: string): string {
  return property
    .replaceAll(/[^A-Za-z0-9\-_. ]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
