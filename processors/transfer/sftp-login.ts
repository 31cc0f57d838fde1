import type { Algorithms, ConnectConfig } from 'ssh2';
import { messageOf } from '../../server/extension/errors.ts';
import type { ProxySettings } from '../../server/extension/http-services.ts';
import { connectThrough } from '../../server/extension/proxy-socket.ts';
import { KnownHosts } from '../../server/extension/ssh/known-hosts.ts';
import { hostKeyAlgorithms, login } from '../../server/extension/ssh/login.ts';
import { readPrivateKey } from '../../server/extension/ssh/private-key.ts';
import { type RemoteAddress, RemoteError } from './remote-files.ts';
import { SftpConnection } from './sftp-connection.ts';

/** How the connections of a processor are made, beside the address. Durations in milliseconds. */
export interface SshSettings {
  readonly isStrict: boolean;
  readonly hostKeyFile: string | undefined;
  readonly connectTimeout: number;
  readonly dataTimeout: number;
  readonly keepsAlive: boolean;
  readonly compresses: boolean;
  readonly proxy: ProxySettings | undefined;
  /** Those that are allowed; undefined for the client's own choice. */
  readonly ciphers: readonly string[] | undefined;
  readonly keyAlgorithms: readonly string[] | undefined;
  readonly keyExchanges: readonly string[] | undefined;
  readonly authenticationCodes: readonly string[] | undefined;
}

function algorithms({ ciphers, keyAlgorithms, keyExchanges, authenticationCodes, compresses }: SshSettings, knownTypes: readonly string[]): Algorithms {
  const serverHostKey = keyAlgorithms ?? hostKeyAlgorithms(knownTypes);
  const all = {
    ...(ciphers ? { cipher: ciphers } : {}),
    ...(serverHostKey ? { serverHostKey } : {}),
    ...(keyExchanges ? { kex: keyExchanges } : {}),
    ...(authenticationCodes ? { hmac: authenticationCodes } : {}),
    compress: compresses ? ['zlib@openssh.com', 'zlib', 'none'] : ['none'],
  };
  return all as Algorithms;
}

async function configuration(address: RemoteAddress, settings: SshSettings, refuseKey: () => void): Promise<ConnectConfig> {
  const { host, port, user, password, keyFile, passphrase } = address;
  const known = settings.isStrict ? await KnownHosts.read(settings.hostKeyFile) : undefined;
  return {
    host,
    port,
    username: user,
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(keyFile === undefined ? {} : await readPrivateKey(keyFile, passphrase)),
    readyTimeout: settings.connectTimeout,
    // As NiFi does: five messages, five seconds apart.
    ...(settings.keepsAlive ? { keepaliveInterval: 5000, keepaliveCountMax: 5 } : {}),
    algorithms: algorithms(settings, known?.keyTypes(host, port) ?? []),
    hostVerifier: (key: Buffer): boolean => {
      const isTrusted = known?.trusts(host, port, key) ?? true;
      if (!isTrusted) refuseKey();
      return isTrusted;
    },
  };
}

/** What a person should read of a connection that did not come about. */
function explained(error: Error & { level?: string }, { host, port, user }: RemoteAddress, isKeyRefused: boolean): RemoteError {
  const server = `${host}:${port}`;
  if (isKeyRefused) {
    const remedy = 'Add its key to the Host Key File (ssh-keyscan shows it) once you have made sure that it is the right one.';
    return new RemoteError('lost', `The host key of ${server} is not among the known hosts (Strict Host Key Checking). ${remedy}`, { cause: error });
  }
  if (error.level === 'client-authentication')
    return new RemoteError('lost', `${server} does not let ${user} in: ${error.message}. Check Username, Password and Private Key Path.`, { cause: error });
  return new RemoteError('lost', `No SSH connection to ${server}: ${messageOf(error)}. Check Hostname, Port and Connection Timeout.`, { cause: error });
}

/** Connects and logs in. Throws RemoteError, or ProcessError where a file of keys cannot be used. */
export async function connectSftp(address: RemoteAddress, settings: SshSettings, signal: AbortSignal): Promise<SftpConnection> {
  const { host, port } = address;
  let isKeyRefused = false;
  const config = await configuration(address, settings, () => {
    isKeyRefused = true;
  });
  const { proxy, connectTimeout } = settings;
  const sock = proxy && proxy.type !== 'DIRECT' ? await connectThrough(proxy, host, port, connectTimeout, signal) : undefined;
  const { default: ssh2 } = await import('ssh2');
  const client = new ssh2.Client();
  try {
    await login(client, sock ? { ...config, sock } : config, signal);
    return await SftpConnection.open(client, settings.dataTimeout, `${host}:${port}`);
  } catch (thrown) {
    client.destroy();
    if (signal.aborted) throw signal.reason;
    throw thrown instanceof RemoteError ? thrown : explained(thrown as Error, address, isKeyRefused);
  }
}
