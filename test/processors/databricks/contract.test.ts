import { warehouseContract } from '../warehouse.contract.ts';
import { openDatabricks, translate } from './databricks-rig.ts';

warehouseContract('Databricks', {
  open: () => openDatabricks(),
  endless: 'SELECT count(*) AS n FROM range(1, 100000) a(i), range(1, 1000000) b(j) WHERE i + j = 7',
  translate,
  kept: { time: 'text' },
  // Delta watches over no keys; databricks.test.ts has the same with a CHECK.
  hasNoKeys: true,
});
