import { request } from 'node:http';
import type { Socket } from 'node:net';
import { Deadline } from './deadline.ts';
import { ProcessError } from './errors.ts';
import type { ProxySettings } from './http-services.ts';
import { checkThroughProxy } from './outgoing.ts';

/** A connection to a server through a proxy; `timeout` in milliseconds. Throws ProcessError, and OutgoingRefused. */
export async function connectThrough(proxy: ProxySettings, host: string, port: number, timeout: number, signal?: AbortSignal): Promise<Socket> {
  checkThroughProxy(host, port);
  const deadline = new Deadline(signal, timeout);
  try {
    return await (proxy.type === 'HTTP' ? tunnel(proxy, host, port, deadline.signal) : socks(proxy, host, port, timeout));
  } catch (cause) {
    throw new ProcessError(`The proxy ${proxy.host}:${proxy.port} does not lead to ${host}:${port}: ${(cause as Error).message}`, { cause });
  } finally {
    deadline.close();
  }
}

/** By HTTP's CONNECT. */
function tunnel({ host, port, user, password }: ProxySettings, targetHost: string, targetPort: number, signal: AbortSignal): Promise<Socket> {
  const credentials = user === undefined ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
  const target = `${targetHost.includes(':') ? `[${targetHost}]` : targetHost}:${targetPort}`;
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, method: 'CONNECT', path: target, headers: { Host: target, ...credentials }, signal, agent: false });
    asked.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      if (statusCode !== 200) {
        socket.destroy();
        reject(new Error(`it answers with status ${statusCode}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', ({ statusCode }) => reject(new Error(`it answers with status ${statusCode}`)));
    asked.once('error', reject);
    asked.end();
  });
}

async function socks({ host, port, user, password, socksVersion }: ProxySettings, targetHost: string, targetPort: number, timeout: number): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    destination: { host: targetHost, port: targetPort },
    proxy: { host, port, type: socksVersion, ...(user === undefined ? {} : { userId: user, password: password ?? '' }) },
    timeout,
  });
  return socket;
}
