import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { parseCellChecks } from './csv-cell-checks.ts';

/** A line may have so many characters: the parser takes a second for each of its megabytes. */
const MAX_RECORD = 4 * 1024 * 1024;

/** ValidateCsv's properties. */
export const properties = {
  schema: property.text('Schema', 'A check for each column, with commas between them, such as ParseInt(), Optional(StrRegEx("[a-z]+")), Unique()', { expressions: 'flowfile' }),
  attribute: property.text('CSV Source Attribute', 'The attribute that holds the CSV, instead of the content', {
    expressions: 'environment',
    dependsOn: { 'Validation Strategy': ['FlowFile validation'] },
  }),
  header: property.boolean('Header', 'Whether the first line names the columns, and is not checked', { default: 'true' }),
  delimiter: property.text('Delimiter Character', 'What stands between cells', { default: ',', expressions: 'flowfile' }),
  quote: property.text('Quote Character', 'What stands around cells', { default: '"', expressions: 'flowfile' }),
  maximumLines: property.integer('Max Lines Per Row', 'Kept for flows made in NiFi', { default: '0' }),
  lineEnd: property.text('End of Line Symbols', 'What ends the lines that are written', { default: '\\n', expressions: 'flowfile' }),
  strategy: property.choice('Validation Strategy', 'Whether a FlowFile is valid as a whole, or its lines are sorted', choices('Line by line validation', 'FlowFile validation'), {
    default: 'FlowFile validation',
  }),
  violations: property.boolean('Include Violations', 'Whether all that is wrong is told, not only the first', { default: 'false' }),
};

type Context = ProcessContext<typeof properties>;
export type Session = ProcessSession<'valid' | 'invalid'>;

/** What was found in a FlowFile; `valid` and `invalid` only where lines are sorted. */
export interface Checked {
  readonly header: readonly string[] | undefined;
  readonly valid: string[][];
  readonly invalid: string[][];
  readonly problems: string[];
  total: number;
  wrong: number;
}

/** A property may write line breaks and tabs as `\\n`, `\\r` and `\\t`. */
export const unescaped = (text: string): string => text.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t');

function source(session: Session, flowFile: FlowFile, attribute: string | undefined): Readable {
  if (attribute === undefined) return session.readStream(flowFile);
  const text = flowFile.getAttribute(attribute);
  if (text === undefined) throw new Error(`it has no attribute ${attribute}`);
  return Readable.from([Buffer.from(text)]);
}

/** What is wrong with a line; empty where nothing is. */
function problemsOf(cells: readonly string[], checks: readonly ReturnType<ReturnType<typeof parseCellChecks>[number]>[], line: number): string[] {
  if (cells.length !== checks.length) return [`line ${line} has ${cells.length} cells, the Schema ${checks.length}`];
  return checks.flatMap((check, index) => {
    try {
      check(cells[index] === '' ? null : cells[index]!);
      return [];
    } catch (thrown) {
      return [`line ${line}, column ${index + 1}: ${messageOf(thrown)}`];
    }
  });
}

/** Reads the CSV and checks it. Throws an Error where it is none. */
export async function checked(session: Session, flowFile: FlowFile, { properties: values }: Context): Promise<Checked> {
  const checks = values.schema(flowFile) === undefined ? undefined : parseCellChecks(values.schema(flowFile)!).map((make) => make());
  const sorts = values.strategy === 'Line by line validation';
  const parser = source(session, flowFile, values.attribute).pipe(
    parse({
      delimiter: unescaped(values.delimiter(flowFile)),
      quote: values.quote(flowFile),
      relax_column_count: true,
      skip_empty_lines: true,
      bom: true,
      max_record_size: MAX_RECORD,
    }),
  );
  let header: string[] | undefined;
  const result: Checked = { header: undefined, valid: [], invalid: [], problems: [], total: 0, wrong: 0 };
  for await (const cells of parser as AsyncIterable<string[]>) {
    if (values.header && header === undefined) {
      header = cells;
      continue;
    }
    result.total++;
    const wrong = checks ? problemsOf(cells, checks, result.total) : [];
    if (wrong.length > 0) result.wrong++;
    if (result.problems.length < 1000) result.problems.push(...wrong);
    if (sorts) (wrong.length > 0 ? result.invalid : result.valid).push(cells);
    else if (wrong.length > 0 && !values.violations) break;
  }
  return { ...result, header };
}
