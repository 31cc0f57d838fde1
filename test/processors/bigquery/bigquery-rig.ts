import { randomUUID } from 'node:crypto';
import { BigQueryTables } from '../../../processors/bigquery/bigquery.ts';
import { BigQueryClient } from '../../../processors/bigquery/client.ts';
import { serviceAccount } from '../../../server/extension/google-account.ts';
import type { BigQueryEmulator } from '../../emulators/bigquery.ts';
import type { OpenWarehouse, WarehouseDialect } from '../warehouse-tests.ts';

/** A warehouse in a data set of its own. */
export async function openIn(emulator: BigQueryEmulator, key = emulator.key()): Promise<OpenWarehouse & { readonly dataset: string }> {
  const dataset = `test_${randomUUID().slice(0, 8)}`;
  await emulator.createDataset(dataset);
  const client = await BigQueryClient.open({ endpoint: emulator.url, project: emulator.project, account: serviceAccount(key), location: undefined, timeout: 60_000 });
  const warehouse = new BigQueryTables(client, { dataset, maximumBytes: undefined });
  return { warehouse, dataset, close: () => warehouse.close() };
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bTIMESTAMP\b/g, 'DATETIME'],
  [/\bTIMESTAMPTZ\b/g, 'TIMESTAMP'],
  [/\bVARCHAR\b/g, 'STRING'],
  [/\b(REAL|DOUBLE PRECISION)\b/g, 'FLOAT64'],
  [/\bDECIMAL\(38, 3\)/g, 'BIGNUMERIC(38, 3)'],
  [/\bgenerate_series\((\d+), (\d+)\) t\(i\)/g, 'UNNEST(GENERATE_ARRAY($1, $2)) AS i'],
];

/** How BigQuery differs from what the contract takes for granted. */
export const BIGQUERY: Omit<WarehouseDialect, 'open'> = {
  endless: 'SELECT count(*) AS n FROM UNNEST(GENERATE_ARRAY(1, 200000)) AS i, UNNEST(GENERATE_ARRAY(1, 200000)) AS j WHERE i + j = 7',
  translate: (sql) => WORDS.reduce((text, [pattern, word]) => text.replace(pattern, word), sql),
  bigint: 'int64',
  hasNoKeys: true,
  refusesNames: true,
};
