import { choices } from '../../server/extension/choices.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { Deadline } from '../../server/extension/deadline.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProxySettings } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { ConnectionPool } from './connection-pool.ts';
import { FtpConnection } from './ftp-connection.ts';
import { type RemoteAddress, RemoteError } from './remote-files.ts';
import { connecting } from './transfer-properties.ts';
import { portOf, type Transfers } from './transfers.ts';

/** What all processors of FTP have in common, beside the server and who comes. */
export const ftpProperties = {
  ...connecting,
  mode: property.choice(
    'Connection Mode',
    'Who opens the connection for content; this runtime does (Passive), as servers cannot call back through most networks',
    choices('Active', 'Passive'),
    {
      default: 'Passive',
      required: false,
    },
  ),
  buffer: property.dataSize('Internal Buffer Size', 'Kept for flows made in NiFi', { default: '16KB', required: false }),
  isUtf8: property.boolean('Use UTF-8 Encoding', 'Whether names of files are in UTF-8; otherwise in ISO 8859-1', { default: 'false' }),
};

/** Not all processors have it. */
export const transferMode = {
  type: property.choice('Transfer Mode', 'Whether content is sent as it is (Binary); this runtime never changes it', choices('Binary', 'ASCII'), {
    default: 'Binary',
    required: false,
  }),
};

/** Not all processors have it. */
export const ftpCompression = {
  compresses: property.boolean('Use Compression', 'Kept for flows made in NiFi: content is sent as it is', { default: 'false' }),
};

interface Values {
  readonly host: string | ((flowFile?: FlowFile) => string);
  readonly port: string | ((flowFile?: FlowFile) => string);
  readonly user: string | ((flowFile?: FlowFile) => string);
  readonly password: (flowFile?: FlowFile) => string | undefined;
  readonly connectTimeout: number;
  readonly dataTimeout: number;
  readonly proxy: ProxySettings | undefined;
  readonly isUtf8: boolean;
}

/** What this runtime cannot do. */
export const ftpProblems = ({ mode, type }: { readonly mode: string | undefined; readonly type?: string | undefined }): string[] => [
  ...(mode === 'Active' ? ["Connection Mode 'Active' is not supported by this runtime: choose Passive"] : []),
  ...(type === 'ASCII' ? ["Transfer Mode 'ASCII' is not supported by this runtime: choose Binary"] : []),
];

async function connect({ host, port, user, password }: RemoteAddress, { connectTimeout, dataTimeout, isUtf8 }: Values, signal: AbortSignal): Promise<FtpConnection> {
  const { Client } = await import('basic-ftp');
  const client = new Client(dataTimeout);
  client.ftp.encoding = isUtf8 ? 'utf8' : 'latin1';
  const deadline = new Deadline(signal, connectTimeout);
  deadline.signal.addEventListener('abort', () => client.close(), { once: true });
  try {
    await client.access({ host, port, user, password: password ?? '' });
    return await FtpConnection.open(client, `${host}:${port}`, isUtf8);
  } catch (cause) {
    client.close();
    if (signal.aborted) throw signal.reason;
    const reason = deadline.signal.aborted ? `no answer within ${connectTimeout} ms (Connection Timeout)` : messageOf(cause);
    const remedy = (cause as { code?: unknown }).code === 530 ? 'Check Username and Password.' : 'Check Hostname, Port and Connection Timeout.';
    throw new RemoteError('lost', `${host}:${port} does not let ${user} in: ${reason}. ${remedy}`, { cause });
  } finally {
    deadline.close();
  }
}

const evaluated = (value: string | ((flowFile?: FlowFile) => string), flowFile?: FlowFile): string => (typeof value === 'string' ? value : value(flowFile));

/** The connections of a processor of FTP. `maxUses`: how many files go over one. Throws ProcessError where a proxy is set. */
export function ftpTransfers({ name, properties: values }: Pick<ComponentContext<never>, 'name'> & { readonly properties: Values }, maxUses?: number): Transfers {
  if (values.proxy && values.proxy.type !== 'DIRECT')
    throw new ProcessError(`${name} cannot go through a proxy: this runtime speaks FTP directly only. Leave Proxy Configuration Service empty, or use SFTP.`);
  const { host, port, user, password } = values;
  const address = (flowFile?: FlowFile): RemoteAddress => ({
    host: evaluated(host, flowFile),
    port: portOf(evaluated(port, flowFile)),
    user: evaluated(user, flowFile),
    password: password(flowFile),
  });
  return { protocol: 'ftp', pool: new ConnectionPool((to, signal) => connect(to, values, signal), maxUses), address };
}
