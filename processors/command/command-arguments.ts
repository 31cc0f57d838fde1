import type { ComponentContext } from '../../server/extension/component.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { PropertyMap } from '../../server/extension/property.ts';
import { splitArguments } from './arguments.ts';

const NAME = /^command\.argument\.(\d+)$/;
const MASK = '********';

/** Arguments that properties of their own hold, by the names of these, in the order of their numbers. */
export type DynamicArguments = ReadonlyMap<string, { readonly value: (flowFile?: FlowFile) => string; readonly isSensitive: boolean }>;

/** Throws an Error that names the position of what is wrong in an expression. */
export function dynamicArguments({ dynamic, compile, sensitiveDynamic }: ComponentContext<PropertyMap>): DynamicArguments {
  const numbered = [...dynamic].flatMap(([name, text]) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number), text: text() }];
  });
  numbered.sort((a, b) => a.number - b.number);
  return new Map(numbered.map(({ name, text }) => [name, { value: compile(text), isSensitive: sensitiveDynamic.has(name) }]));
}

export interface ArgumentRules {
  readonly args: (flowFile?: FlowFile) => string | undefined;
  readonly delimiter: string;
  /** Where the arguments come from properties of their own. */
  readonly byProperty: DynamicArguments | undefined;
}

/** The arguments for a FlowFile, and as they may be told. */
export function argumentsOf(flowFile: FlowFile, { args, delimiter, byProperty }: ArgumentRules): { args: readonly string[]; told: string } {
  if (byProperty) {
    const found = [...byProperty.values()].map(({ value, isSensitive }) => ({ value: value(flowFile), isSensitive }));
    return { args: found.map(({ value }) => value), told: found.map(({ value, isSensitive }) => (isSensitive ? MASK : value)).join('\t') };
  }
  const text = args(flowFile) ?? '';
  return { args: text.trim() === '' ? [] : splitArguments(text, delimiter), told: text };
}
