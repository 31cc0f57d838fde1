import type { ComponentContext } from '../../server/extension/component.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { DatabricksApi } from './api.ts';
import { Databricks } from './databricks.ts';
import { WarmUp } from './warm-up.ts';

const environment = { expressions: 'environment' } as const;
const withToken = { dependsOn: { 'Authentication Strategy': ['PERSONAL_ACCESS_TOKEN'] } } as const;
const withClient = { dependsOn: { 'Authentication Strategy': ['OAUTH_CLIENT_CREDENTIALS'] } } as const;

function checkVolume(text: string): void {
  if (!/^\/Volumes\/[^/]+\/[^/]+\/[^/]+/.test(text.trim())) throw new PropertyError('it must be the path of a volume, such as /Volumes/main/default/staging');
}

const properties = {
  workspace: property.text('Workspace URL', 'The address of the workspace, such as https://adb-1234567890.12.azuredatabricks.net', {
    required: true,
    ...environment,
    validate: apiAddress('https://dbc-a1b2c3d4-e5f6.cloud.databricks.com'),
  }),
  warehouseId: property.text('Warehouse ID', 'The SQL warehouse that runs the statements: the last part of its HTTP path', { required: true, ...environment }),
  strategy: property.choice(
    'Authentication Strategy',
    'Who logs in',
    {
      PERSONAL_ACCESS_TOKEN: 'A user, by a personal access token',
      OAUTH_CLIENT_CREDENTIALS: 'A service principal, by its OAuth secret; tokens are fetched and renewed by themselves',
    },
    { default: 'PERSONAL_ACCESS_TOKEN' },
  ),
  token: property.text('Personal Access Token', 'The token of the user', { required: true, sensitive: true, ...environment, ...withToken }),
  clientId: property.text('Client ID', 'The application ID of the service principal', { required: true, ...environment, ...withClient }),
  clientSecret: property.text('Client Secret', 'The OAuth secret of the service principal', { required: true, sensitive: true, ...environment, ...withClient }),
  catalog: property.text('Catalog', 'The catalog of Unity Catalog in which tables without one are looked for', { required: true, ...environment }),
  schema: property.text('Schema', 'The schema in which tables without one are looked for', { default: 'default', required: true, ...environment }),
  volume: property.text(
    'Staging Volume',
    'A volume, or a directory in one, through which rows are brought into tables, such as /Volumes/main/default/staging. The user must have READ VOLUME and WRITE VOLUME. Not needed for queries',
    { ...environment, validate: checkVolume },
  ),
  transfer: property.choice(
    'Result Transfer',
    'How results come',
    {
      EXTERNAL_LINKS: "By links to the cloud's storage, which this machine must be able to reach; results up to 100 GiB",
      INLINE: 'Within the answers of the workspace; results up to 25 MiB',
    },
    { default: 'EXTERNAL_LINKS' },
  ),
  warmUp: property.duration('Warm-up Timeout', 'How long statements wait for a SQL warehouse that has to start first, which takes two to five minutes as a rule', {
    default: '15 mins',
  }),
  timeout: property.duration('Response Timeout', 'How long an answer of the workspace or its storage may take', { default: '60 secs' }),
};

async function open({ properties: values, log }: ComponentContext<typeof properties>): Promise<Databricks> {
  const { workspace, warehouseId, strategy, token = '', clientId = '', clientSecret = '', catalog, schema, volume, transfer, warmUp, timeout } = values;
  const login = strategy === 'PERSONAL_ACCESS_TOKEN' ? { token } : { clientId, clientSecret };
  const api = await DatabricksApi.open({ workspace, login, timeout });
  return new Databricks(api, { warehouseId, catalog, schema, volume: volume?.trim(), disposition: transfer }, new WarmUp(api, warehouseId, log, warmUp));
}

export default defineControllerService({
  description:
    'A Databricks SQL warehouse, by the Statement Execution API. Results stream from the cloud storage, rows go through a volume of Unity Catalog and are merged by one statement; a warehouse that is warming up is waited for, and said so.',
  tags: ['warehouse', 'databricks', 'delta', 'unity catalog', 'sql', 'database', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it send requests to any address that this server may reach.' },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: Databricks) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
