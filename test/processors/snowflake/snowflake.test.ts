import { warehouseContract } from '../warehouse.contract.ts';
import { DIALECT, openAlone } from './snowflake-rig.ts';

warehouseContract('Snowflake', { open: () => openAlone({ partitionBytes: 100_000 }), ...DIALECT });
