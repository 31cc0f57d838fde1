import type { Synapse } from '../../../processors/synapse/synapse.ts';
import SynapseWarehouse from '../../../processors/synapse/SynapseWarehouse.ts';
import { SynapseEmulator } from '../../emulators/synapse.ts';
import type { OpenWarehouse } from '../warehouse-tests.ts';

/** A warehouse on a pool of its own. `more` are properties of the service, by their names in its code. */
export async function openSynapse(more: Readonly<Record<string, string>> = {}): Promise<OpenWarehouse & { readonly pool: SynapseEmulator }> {
  const pool = await SynapseEmulator.start();
  const login = { login: 'password', user: 'loader', password: 'secret', encrypt: false };
  const properties = { host: '127.0.0.1', port: pool.port, database: 'pool', schema: 'dbo', ...login, load: 'protocol', maxConnections: 4, connectTimeout: 10_000, ...more };
  const warehouse = (await SynapseWarehouse.onEnabled!({ properties } as never)) as Synapse;
  return {
    warehouse,
    pool,
    async close() {
      await warehouse.close();
      await pool.stop();
    },
  };
}
