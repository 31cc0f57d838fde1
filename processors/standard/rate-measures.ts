import type { PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { parseDataSize } from '../../server/extension/units.ts';
import type { RateLimit } from './rate-limit.ts';

/** ControlRate's properties that say what is measured. */
export interface RateValues {
  readonly criteria: 'data rate' | 'flowfile count' | 'attribute value' | 'data rate or flowfile count';
  readonly rate: string | undefined;
  /** Bytes. */
  readonly dataRate: number | undefined;
  readonly flowFileRate: number | undefined;
  readonly attribute: string | undefined;
}

/** What one FlowFile counts for, against a limit for each group. */
interface Measure {
  readonly limits: Map<string, RateLimit>;
  readonly maximum: number;
  amount(flowFile: FlowFile): number;
}

/** What ControlRate holds from start to stop. */
export interface Client {
  readonly measures: readonly Measure[];
  lastTidied: number;
}

const measure = (maximum: number, amount: Measure['amount']): Measure => ({ limits: new Map(), maximum, amount });
const bytes = (maximum: number): Measure => measure(maximum, ({ size }) => size);
const count = (maximum: number): Measure => measure(maximum, () => 1);

/** What is measured: with both rates, two measures. */
export function measures({ criteria, rate = '', dataRate, flowFileRate, attribute }: RateValues): Measure[] {
  if (criteria === 'data rate') return [bytes(parseDataSize(rate))];
  if (criteria === 'flowfile count') return [count(Number(rate))];
  if (criteria === 'attribute value') return [measure(Number(rate), (flowFile) => Number(flowFile.getAttribute(attribute!)))];
  return [bytes(dataRate!), count(flowFileRate!)];
}

/** What is wrong with the rates, a sentence each. */
export const problems = (values: RateValues): string[] => {
  const { criteria, rate, dataRate, flowFileRate, attribute } = values;
  if (criteria === 'data rate or flowfile count')
    return dataRate === undefined || flowFileRate === undefined ? ['Maximum Data Rate and Maximum FlowFile Rate must be set for this criterion'] : [];
  if (rate === undefined) return ['Maximum Rate must be set for this criterion'];
  if (criteria === 'attribute value' && !attribute) return ['Rate Controlled Attribute must be set for this criterion'];
  if (criteria !== 'data rate') return /^[1-9]\d{0,14}$/.test(rate) ? [] : [`Maximum Rate '${rate}' must be a whole number greater than 0`];
  try {
    return parseDataSize(rate) > 0 ? [] : ['Maximum Rate must be greater than 0'];
  } catch (thrown) {
    return [`Maximum Rate '${rate}' is invalid because ${(thrown as PropertyError).message}`];
  }
};
