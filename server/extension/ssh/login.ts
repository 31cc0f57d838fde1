import type { Client, ConnectConfig } from 'ssh2';

/** Of one key of RSA there are three kinds of signatures. */
const signatures = (type: string): string[] => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type]);

/** What a server must be asked for, so that it shows one of the keys that are known; undefined where none is. */
export function hostKeyAlgorithms(knownTypes: readonly string[]): string[] | undefined {
  return knownTypes.length > 0 ? knownTypes.flatMap(signatures) : undefined;
}

/** Connects a client of ssh2 and logs in; a server that asks is told the password. When the signal fires the connection is cut. */
export function login(client: Client, config: ConnectConfig, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = (): void => void client.destroy();
    const ended = (error?: Error): void => {
      signal.removeEventListener('abort', cut);
      reject(error ?? new Error('the connection was closed before the login was done'));
    };
    signal.addEventListener('abort', cut, { once: true });
    // Further errors follow the first, and nobody else listens before the login.
    client.on('error', ended);
    client.once('close', () => ended());
    client.once('ready', () => {
      signal.removeEventListener('abort', cut);
      resolve();
    });
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => config.password ?? '')));
    client.connect(config);
    // Login and requests are many small messages: held back, each costs 40 ms.
    client.setNoDelay(true);
  });
}
