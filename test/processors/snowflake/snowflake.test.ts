import { warehouseContract } from '../warehouse.contract.ts';
import { openAlone } from './snowflake-rig.ts';

/** The contract's SQL in Snowflake's words. */
const inSnowflake = (sql: string): string =>
  sql
    .replace(
      /generate_series\((\d+), (\d+)\) t\(i\)/,
      (_, from: string, to: string) => `(SELECT SEQ8() + ${from} AS i FROM TABLE(GENERATOR(ROWCOUNT => ${Number(to) - Number(from) + 1}))) t`,
    )
    .replace('ARRAY[1, 2]', 'ARRAY_CONSTRUCT(1, 2)');

warehouseContract('Snowflake', {
  open: () => openAlone({ partitionBytes: 100_000 }),
  endless:
    'SELECT count(*) AS n FROM (SELECT SEQ8() AS i FROM TABLE(GENERATOR(ROWCOUNT => 100000))) a, (SELECT SEQ8() AS j FROM TABLE(GENERATOR(ROWCOUNT => 1000000))) b WHERE i + j = 7',
  translate: inSnowflake,
  bigint: 'number(38,0)',
  hasNoKeys: true,
  capitals: true,
  tooLarge: 10n ** 38n,
});
