import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import ConvertRecord from '../../../processors/records/ConvertRecord.ts';
import CSVReader from '../../../processors/records/CSVReader.ts';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import JsonTreeReader from '../../../processors/records/JsonTreeReader.ts';
import { type RealService, type Runner, runner, type Services } from '../../runner.ts';

export type Properties = Readonly<Record<string, string>>;

/** A controller service with its properties, and the services that it uses itself. */
export const service = (definition: unknown, properties: Properties = {}, services: Services = {}): RealService => ({
  definition: definition as RealService['definition'],
  properties,
  services,
});

export const jsonReader = (properties: Properties = {}): RealService => service(JsonTreeReader, properties);
export const jsonWriter = (properties: Properties = {}): RealService => service(JsonRecordSetWriter, properties);
export const csvReader = (properties: Properties = {}): RealService => service(CSVReader, properties);

/** Runs a record processor once on JSON; `services` adds to its reader and writer, or replaces them. */
export async function runJson(
  definition: unknown,
  content: string | Uint8Array,
  properties: Properties = {},
  attributes: Properties = {},
  services: Services = {},
): Promise<Runner> {
  const declared = Object.values((definition as ProcessorDefinition).properties).map(({ name }) => name);
  const usual = Object.entries({ 'Record Reader': jsonReader(), 'Record Writer': jsonWriter() }).filter(([name]) => declared.includes(name));
  const run = runner(definition as ProcessorDefinition, { properties, services: { ...Object.fromEntries(usual), ...services } });
  run.enqueue(content, { filename: 'records', ...attributes });
  return run.run();
}

/** Converts content and returns the run. */
export async function convert(content: string | Uint8Array, reader: RealService, writer: RealService, attributes: Properties = {}): Promise<Runner> {
  return runJson(ConvertRecord, content, {}, attributes, { 'Record Reader': reader, 'Record Writer': writer });
}

/** The bytes of the one FlowFile that succeeded. Fails with the reason where it did not. */
export function contentOf(run: Runner): Buffer {
  const [output] = run.out('success');
  if (!output) throw new Error(`nothing succeeded: ${reasonOf(run)}`);
  return output.bytes;
}

/** Why the one FlowFile failed. */
export const reasonOf = (run: Runner): string => run.out('failure')[0]?.attributes['record.error.message'] ?? 'it did not fail';
