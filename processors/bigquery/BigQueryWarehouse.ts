import type { ComponentContext } from '../../server/extension/component.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE, WarehouseError } from '../../server/extension/warehouse.ts';
import { BigQueryTables } from './bigquery.ts';
import { BigQueryClient } from './client.ts';
import { type ServiceAccount, serviceAccount, serviceAccountFile } from '../../server/extension/google-account.ts';

const environment = { expressions: 'environment' } as const;
const KEY = 'Service Account Key Source';

const properties = {
  source: property.choice(KEY, 'Where the JSON key of the service account is', { text: 'Text', file: 'File' }, { default: 'text' }),
  keyText: property.text('Service Account JSON Key', 'The whole JSON key file of the service account that logs in, as Google Cloud made it', {
    required: true,
    sensitive: true,
    ...environment,
    dependsOn: { [KEY]: ['text'] },
  }),
  keyFile: property.text('Service Account JSON Key File', 'The path of the JSON key file, or an asset that holds it', {
    required: true,
    ...environment,
    dependsOn: { [KEY]: ['file'] },
  }),
  project: property.text('Project ID', 'The Google Cloud project that runs and pays for the jobs, and in which tables lie that name none. Empty for that of the key', environment),
  dataset: property.text('Default Dataset', 'The data set in which tables without one are looked for and made', {
    ...environment,
    validate: (text: string) => {
      if (!/^\w{1,1024}$/.test(text)) throw new PropertyError('it must be the name of a data set: letters, digits and _');
    },
  }),
  location: property.text('Location', 'Where jobs run and new data sets lie, such as EU or us-east1. Empty for where the data lies, or what the project has set', environment),
  maximumBytes: property.dataSize('Maximum Bytes Billed', 'A statement that would be billed for more is refused before it runs, and costs nothing'),
  endpoint: property.text('API Endpoint', "The address of BigQuery's API", {
    default: 'https://bigquery.googleapis.com',
    ...environment,
    validate: apiAddress('https://bigquery.googleapis.com'),
  }),
  timeout: property.duration('Request Timeout', 'How long one answer of the API may take; queries may take longer', { default: '60 secs' }),
};
type Context = ComponentContext<typeof properties>;

async function open({ properties: given }: Context): Promise<BigQueryTables> {
  const { source, keyText, keyFile, dataset, location, maximumBytes, endpoint, timeout } = given;
  const account: ServiceAccount = source === 'file' ? await serviceAccountFile(keyFile!) : serviceAccount(keyText!);
  const project = given.project ?? account.project;
  if (project === undefined) throw new WarehouseError('configuration', "The service account's key names no project", { remedy: 'Set Project ID.' });
  const client = await BigQueryClient.open({ endpoint: endpoint.replace(/\/+$/, ''), project, account, location, timeout });
  return new BigQueryTables(client, { dataset, maximumBytes });
}

export default defineControllerService({
  description:
    'Google BigQuery as a warehouse, by a service account. Results stream page by page, rows are loaded by load jobs into a stage and brought into the table by one MERGE, and what is stopped is cancelled in BigQuery.',
  tags: ['warehouse', 'bigquery', 'google', 'gcp', 'sql', 'database', 'restricted'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it name any file of the server as a key; a file that is no key is refused without its content being shown.',
    'reference-remote-resources': 'Lets whoever configures it reach any address as API Endpoint, and the address of tokens that the key names.',
  },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: BigQueryTables) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
