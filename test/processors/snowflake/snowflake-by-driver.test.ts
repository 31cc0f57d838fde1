import { warehouseContract } from '../warehouse.contract.ts';
import { DIALECT, driverOn, openAlone } from './snowflake-rig.ts';

warehouseContract('Snowflake by its driver', { open: () => openAlone({ partitionBytes: 100_000, patience: 200 }, driverOn), ...DIALECT });
