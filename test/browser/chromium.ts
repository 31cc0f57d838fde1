import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * Starts Chromium: the one that `CHROMIUM` names, else the one that npm brings (linux-x64 only), else the system's. Throws with what
 * is missing.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  } catch (cause) {
    throw new Error(`Chromium at ${executablePath} does not start. Browser tests need one: name a Chromium in the environment variable CHROMIUM. ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM;
  if (named) return named;
  if (process.platform === 'linux' && process.arch === 'x64') return fromNpm();
  const found = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((path) => existsSync(path));
  if (!found) throw new Error('Browser tests need Chromium: npm brings one for linux-x64 only. Install one and name it in the environment variable CHROMIUM.');
  return found;
}

async function fromNpm(): Promise<string> {
  // Makes the package unpack and use its own libnss3; it reads this when it is imported.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: packed } = await import('@sparticuz/chromium');
  packed.setGraphicsMode = false;
  return packed.executablePath();
}
