import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { AUDIT_FILE, type Config, ConfigError, isLoopback, places } from './config.ts';
import { connectors } from './connectors.ts';
import { systemClock } from './engine/clock.ts';
import { startExample } from './example.ts';
import { limitOutgoing } from './extension/outgoing.ts';
import { consoleLog } from './log.ts';
import { type Millrace, openMillrace } from './millrace.ts';
import { createApp } from './rest/app.ts';
import { attachLive } from './rest/live.ts';
import type { RestServices } from './rest/services.ts';
import { AuditLog } from './security/audit-log.ts';
import { firstPassword, type OpenLogin, openLogin } from './security/login.ts';
import { loadKey, secretsWith } from './security/secrets.ts';
import { Syncs } from './syncs/syncs.ts';
import { version } from './version.ts';

/** The user that the first start with login makes. */
const FIRST_USER = 'admin';

/** Runs the server until a signal ends it. Throws ConfigError and StorageError. */
export async function serve(config: Config): Promise<void> {
  const log = consoleLog('info');
  if (config.outgoing) limitOutgoing(config.outgoing);
  let audit: AuditLog | undefined;
  const millrace = await openMillrace({ ...config, log, audit: (entry) => audit?.append(entry) });
  const server = config.tls ? createSecureServer({ minVersion: 'TLSv1.2' }) : createServer();
  server.on('request', starting);
  try {
    audit = new AuditLog(path.join(config.dataDirectory, AUDIT_FILE), () => systemClock.now());
    if (config.tls) await setCertificate(server as SecureServer, config, config.tls);
    const access = config.auth === 'login' ? openAccess(config) : undefined;
    await listen(server, config);
    // Before anything runs: schedules fire in the time zones of their syncs.
    const syncs = await Syncs.open(millrace.flow, connectors);
    millrace.flow.start();
    if (millrace.isNew && config.example) startExample(millrace.flow);
    if (access) {
      await welcome(access, config, log);
      access.control.seed(millrace.flow.root.id);
    }
    answer(server, millrace, { ...restServices(config, millrace, log, access), audit, syncs }, access);
  } catch (failure) {
    server.close();
    await millrace.close();
    throw failure;
  }
  console.log(`Millrace ${version} is at ${addressOf(server, config)} (data in ${config.dataDirectory})`);
}

/** Who asks between listening and answering must not wait for an answer that nobody gives. */
function starting(_request: unknown, response: ServerResponse): void {
  response.writeHead(503, { 'Content-Type': 'text/plain', 'Retry-After': '1' }).end('Millrace is starting. Try again in a second.');
}

/** How often a certificate of our own is looked at: it is renewed while the server runs too. */
const WATCH_MILLIS = 12 * 3_600_000;

async function setCertificate(server: SecureServer, { dataDirectory, host }: Config, tls: NonNullable<Config['tls']>): Promise<void> {
  if (tls !== 'self-signed') return server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  const { fingerprintOf, selfSigned } = await import('./security/self-signed.ts');
  let fingerprint: string | undefined;
  const use = async (): Promise<void> => {
    const pair = await selfSigned(dataDirectory, host, systemClock.now());
    if (fingerprintOf(pair) === fingerprint) return;
    fingerprint = fingerprintOf(pair);
    server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' });
    console.log(`Browsers will warn of a certificate that is not known. It is ours if its SHA-256 fingerprint is ${fingerprint}`);
  };
  await use();
  setInterval(() => void use(), WATCH_MILLIS).unref();
}

/** Answers requests until a signal ends it. */
function answer(server: Server, millrace: Millrace, services: RestServices, access: OpenLogin | undefined): void {
  const app = createApp(services);
  app.use(express.static(places.ui));
  server.off('request', starting).on('request', app);
  const live = attachLive(server, services);
  endOnSignals(async () => {
    live.close();
    server.close();
    server.closeAllConnections();
    access?.close();
    await millrace.close();
  }, services.log);
}

async function listen(server: Server, { host, port }: Config): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(`Millrace cannot listen on ${host}:${port} (${(cause as Error).message}). Stop what listens there, or give another --port.`, { cause });
  }
}

/** The users of a data directory that was opened before. */
function openAccess({ dataDirectory, key }: Config): OpenLogin {
  return openLogin(dataDirectory, secretsWith(loadKey(path.join(dataDirectory, 'secret.key'), key)), () => systemClock.now());
}

/** Tells whoever started the server what they must know about logging in. The password goes to the terminal, never through the log. */
async function welcome({ users }: OpenLogin, { host, tls, dataDirectory }: Config, log: RestServices['log']): Promise<void> {
  const password = await firstPassword(users, FIRST_USER);
  if (password !== undefined) {
    console.log(`Log in as ${FIRST_USER} with the password ${password} (it is not shown again; change it with: millrace user set-password ${FIRST_USER} --data ${dataDirectory})`);
  }
  if (tls || isLoopback(host)) return;
  log({
    level: 'warn',
    time: systemClock.now(),
    message: `Passwords and tokens travel in clear to ${host}. Give --tls-self-signed, or --tls-key and --tls-cert, or let a proxy speak HTTPS.`,
  });
}

function addressOf(server: Server, { tls }: Config): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `${tls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function restServices(config: Config, { flow }: Millrace, log: RestServices['log'], access: OpenLogin | undefined): RestServices {
  return {
    flow,
    log,
    login: access?.login,
    access: access?.control,
    about: { version },
    clock: systemClock,
    connectors,
    loopbackOnly: isLoopback(config.host),
    storage() {
      const { blocks, bavail, bsize } = statfsSync(config.dataDirectory);
      return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
    },
  };
}

function endOnSignals(end: () => Promise<void>, log: RestServices['log']): void {
  let ending = false;
  const stop = (signal: string): void => {
    if (ending) return;
    ending = true;
    console.log(`${signal}: stopping`);
    end().then(
      () => process.exit(0),
      (failure: unknown) => {
        console.error('Millrace could not store everything when it stopped:', failure);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A promise that a component left behind must not end everybody's flows.
  process.on('unhandledRejection', (reason) =>
    log({ level: 'error', time: systemClock.now(), message: `A promise was rejected that nobody waited for: ${reason instanceof Error ? reason.stack : String(reason)}` }),
  );
}
