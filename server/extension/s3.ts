import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { type AwsCredentialsService, silenceSdk } from './aws.ts';
import type { ProxySettings } from './http-services.ts';
import { connectThrough } from './proxy-socket.ts';
import type { SslContext } from './ssl-context.ts';

export interface S3Settings {
  readonly region: string;
  /** Another server than Amazon's, such as `http://127.0.0.1:9000`. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsCredentialsService;
  /** Buckets are part of the path rather than of the host's name; always so with another server. */
  readonly isPathStyle: boolean;
  /** Milliseconds for connecting, and for waiting for an answer. */
  readonly timeout: number;
  readonly ssl: SslContext | undefined;
  readonly proxy: ProxySettings | undefined;
  /** Whether uploads are sent with checksums at their end, in pieces, which not every server understands. */
  readonly isChunked?: boolean;
}

type Callback = (error: Error | null, stream: import('node:stream').Duplex) => void;
type Target = ConnectionOptions & { readonly host?: string; readonly port?: number | string };

/** Agents that connect through a proxy; TLS runs inside the tunnel. */
function agentsThrough(proxy: ProxySettings, timeout: number, options: AgentOptions) {
  const tunnel = ({ host, port }: Target) => connectThrough(proxy, host!, Number(port), timeout);
  class PlainAgent extends HttpAgent {
    override createConnection(target: object, done?: Callback): undefined {
      tunnel(target as Target).then((socket) => done!(null, socket), done as (error: Error) => void);
    }
  }
  class TlsAgent extends HttpsAgent {
    override createConnection(target: object, done?: Callback): undefined {
      tunnel(target as Target).then((socket) => done!(null, connectTls({ ...(target as Target), socket })), done as (error: Error) => void);
    }
  }
  return { httpAgent: new PlainAgent({ keepAlive: true }), httpsAgent: new TlsAgent(options) };
}

/** How clients of Amazon's SDK connect. */
export function httpAgents({ ssl, proxy, timeout }: Pick<S3Settings, 'ssl' | 'proxy' | 'timeout'>) {
  const options: AgentOptions = { keepAlive: true, ...ssl };
  const timeouts = { connectionTimeout: timeout, socketTimeout: timeout };
  if (proxy && proxy.type !== 'DIRECT') return { ...timeouts, ...agentsThrough(proxy, timeout, options) };
  return { ...timeouts, httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent(options) };
}

/**
 * A client of S3, or of what speaks as it does. It is loaded here; who opens one closes it by `destroy()`.
 * Throws ProcessError where there are no credentials.
 */
export async function openS3(settings: S3Settings): Promise<S3Client> {
  silenceSdk();
  const { S3Client: Client } = await import('@aws-sdk/client-s3');
  const { region, endpoint, credentials, isPathStyle, isChunked = true } = settings;
  const isAnonymous = (await credentials.credentials()) === undefined;
  const checksums = isChunked ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  const config: S3ClientConfig = {
    region,
    forcePathStyle: isPathStyle || endpoint !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isAnonymous
      ? { signer: { sign: async (request) => request }, credentials: { accessKeyId: '', secretAccessKey: '' } }
      : { credentials: async () => (await credentials.credentials())! }),
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    requestHandler: httpAgents(settings),
  };
  return new Client(config);
}
