import { createReadStream } from 'node:fs';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { Coordinates, Found, LookupService } from '../../server/extension/lookup.ts';
import { property, type PropertyMap, type PropertyValues } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { ReloadedFile } from '../../server/extension/reloaded-file.ts';
import { checkReadable } from './character-sets.ts';
import { comment, csvFormat, dialectOf, escapeCharacter, quote, separator, trims } from './csv-dialects.ts';
import { columnNames } from './csv-fields.ts';
import { csvRows } from './csv-records.ts';
import type { CsvDialect } from './csv-scanner.ts';

const environment = { expressions: 'environment' } as const;
const FORMATS = { ...Object.fromEntries(csvFormat.allowableValues!.map(({ value, displayName }) => [value, displayName])), default: 'Default Format', RFC4180: 'RFC4180' };

/** What both kinds of look-up in a CSV file ask, in NiFi's order. */
export const csvLookupProperties = {
  file: property.text('CSV File', 'The file; its first line names the columns. It is read again when it has changed', { required: true, ...environment }),
  format: property.choice('CSV Format', 'A well-known dialect of CSV, the default one, or a custom one, which the properties below describe', FORMATS, { default: 'default' }),
  characterSet: property.text('Character Set', 'In which character set the file is read', { default: 'UTF-8', ...environment, validate: checkReadable }),
  keyColumn: property.text('Lookup Key Column', 'The column whose values are looked up', { required: true, ...environment }),
  ignoresDuplicates: property.boolean('Ignore Duplicates', 'Whether the last of several rows with the same key counts; otherwise such a file is refused', { default: 'true' }),
  separator,
  quote,
  quoteMode: property.choice(
    'Quote Mode',
    'Kept for flows made in NiFi: only writing would need it',
    { ALL: 'Quote All Values', MINIMAL: 'Quote Minimal', NON_NUMERIC: 'Quote Non-Numeric Values', NONE: 'Do Not Quote Values' },
    { default: 'MINIMAL', dependsOn: { 'CSV Format': ['custom'] } },
  ),
  comment,
  escaping: escapeCharacter,
  trims,
};
type Values = PropertyValues<typeof csvLookupProperties>;

const DEFAULT: CsvDialect = { separator: ',', quote: '"', escaping: '\\', comment: undefined, nullText: undefined, trims: true };

function dialect(values: Values): CsvDialect {
  if (values.format === 'default') return DEFAULT;
  const known = values.format === 'RFC4180' ? 'rfc-4180' : values.format;
  return dialectOf({ ...values, csvFormat: known as PropertyValues<{ f: typeof csvFormat }>['f'], nullText: undefined });
}

/** Rows by their key; a row is the values of the columns that `columns` names, which are those that are asked for. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

async function load(file: string, values: Values, wanted: string | undefined, warn: (message: string) => void): Promise<CsvTable> {
  let names: string[] | undefined;
  let places: number[] = [];
  let keyAt = -1;
  const rows = new Map<string, string[]>();
  let duplicates = 0;
  for await (const batch of csvRows({ open: () => createReadStream(file), dialect: dialect(values), characterSet: values.characterSet })) {
    for (const row of batch) {
      if (!names) {
        names = columnNames(row, true);
        keyAt = placeOf(names, values.keyColumn);
        places = wanted === undefined ? names.flatMap((_, index) => (index === keyAt ? [] : [index])) : [placeOf(names, wanted)];
        continue;
      }
      const key = row[keyAt];
      if (!key?.trim()) throw new ProcessError(`a row has no value in the key column '${values.keyColumn}'.`);
      if (rows.has(key)) duplicates++;
      if (rows.has(key) && !values.ignoresDuplicates) throw new ProcessError(`the key '${key}' comes twice. Mend the file, or set Ignore Duplicates to true.`);
      rows.set(
        key,
        places.map((index) => row[index] ?? ''),
      );
    }
  }
  if (rows.size === 0) warn(`The file ${file} has no rows: nothing will be found.`);
  if (duplicates > 0) warn(`The file ${file} has ${duplicates} rows with a key that came before; the last of them counts.`);
  return { columns: places.map((index) => names![index]!), rows };
}

function placeOf(names: readonly string[], wanted: string): number {
  const at = names.indexOf(wanted);
  if (at < 0) throw new ProcessError(`it has no column '${wanted}', but ${names.join(', ')}.`);
  return at;
}

/** Looks rows of a CSV file up. `found` makes the answer of a row. Throws ProcessError where the file cannot be used. */
export async function csvLookup(
  { properties, log, now }: Pick<ComponentContext<PropertyMap>, 'log' | 'now'> & { readonly properties: Values },
  wanted: string | undefined,
  found: (row: readonly string[], columns: readonly string[]) => Found,
): Promise<LookupService> {
  const table = new ReloadedFile(properties.file, (file) => load(file, properties, wanted, (message) => log.warn(message)));
  await table.get(now());
  return {
    requiredKeys: ['key'],
    async lookup(coordinates: Coordinates) {
      const key = coordinates.get('key');
      const { rows, columns } = await table.get(now());
      const row = key === null || key === undefined ? undefined : rows.get(textOf(key));
      return row && found(row, columns);
    },
  };
}
