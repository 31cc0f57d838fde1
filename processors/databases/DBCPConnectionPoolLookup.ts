import { type DatabasePool, DBCP_SERVICE } from '../../server/extension/database.ts';
import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import { defineControllerService } from '../../server/extension/service.ts';

const ATTRIBUTE = 'database.name';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.dbcp', bundle: 'nifi-dbcp-service-nar' },
  description: `Many databases behind one service: the attribute ${ATTRIBUTE} of a FlowFile says which connection pool is meant.`,
  tags: ['dbcp', 'jdbc', 'database', 'connection', 'pooling', 'store'],
  properties: {},
  dynamicProperties: {
    name: 'The name to register DBCPService',
    value: 'The DBCPService',
    description: `A connection pool under the name that the attribute ${ATTRIBUTE} says`,
    expressions: 'none',
    service: DBCP_SERVICE,
  },
  provides: [DBCP_SERVICE],
  onEnabled({ dynamicServices, name }): DatabasePool {
    const pools = dynamicServices as ReadonlyMap<string, DatabasePool>;
    if (pools.size === 0) throw new PropertyError(`${name} has no connection pools: add a property for each, named as the attribute ${ATTRIBUTE} will say.`);
    return {
      async connect(attributes) {
        const wanted = attributes?.get(ATTRIBUTE);
        if (!wanted) throw new ProcessError(`${name} does not know which connection pool is meant: give the FlowFile the attribute ${ATTRIBUTE}.`);
        const pool = pools.get(wanted);
        if (!pool) throw new ProcessError(`${name} has no connection pool '${wanted}' (attribute ${ATTRIBUTE}). It has: ${[...pools.keys()].join(', ')}.`);
        return pool.connect(attributes);
      },
      // The pools belong to their own services.
      close: async () => {},
    };
  },
});
