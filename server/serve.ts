import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type Config, ConfigError, isLoopback, places } from './config.ts';
import { systemClock } from './engine/clock.ts';
import { startExample } from './example.ts';
import { consoleLog } from './log.ts';
import { type Millrace, openMillrace } from './millrace.ts';
import { createApp } from './rest/app.ts';
import { attachLive } from './rest/live.ts';
import type { RestServices } from './rest/services.ts';
import { version } from './version.ts';

/** Runs the server until a signal ends it. Throws ConfigError and StorageError. */
export async function serve(config: Config): Promise<void> {
  const log = consoleLog('info');
  const millrace = await openMillrace({ ...config, log });
  const server = createServer();
  await listen(server, config, millrace);
  millrace.flow.start();
  if (millrace.isNew && config.example) startExample(millrace.flow);
  const services = restServices(config, millrace, log);
  const app = createApp(services);
  app.use(express.static(places.ui));
  server.on('request', app);
  const live = attachLive(server, services);
  console.log(`Millrace ${version} is at ${addressOf(server)} (data in ${config.dataDirectory})`);
  endOnSignals(async () => {
    live.close();
    server.close();
    server.closeAllConnections();
    await millrace.close();
  }, log);
}

async function listen(server: Server, { host, port }: Config, millrace: Millrace): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    await millrace.close();
    throw new ConfigError(`Millrace cannot listen on ${host}:${port} (${(cause as Error).message}). Stop what listens there, or give another --port.`, { cause });
  }
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function restServices(config: Config, { flow }: Millrace, log: RestServices['log']): RestServices {
  return {
    flow,
    log,
    about: { version },
    clock: systemClock,
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
  process.on('unhandledRejection', (reason) => log({ level: 'error', time: systemClock.now(), message: `A promise was rejected that nobody waited for: ${reason instanceof Error ? reason.stack : String(reason)}` }));
}
