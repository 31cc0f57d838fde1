import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { places } from '../../server/config.ts';
import { launchChromium } from './chromium.ts';
import { SHOTS, type Theme } from './stage.ts';

let browser: Browser;
let child: ChildProcess;
let directory: string;
let [base, password] = ['', ''];

/** A server as it is started without flags: its first user has just been made. */
before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'millrace-browser-login-'));
  const main = path.join(places.project, 'dist', 'server', 'main.js');
  child = spawn(process.execPath, [main, 'start', '--port', '0', '--no-example', '--data', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout!.on('data', (data) => (output += data));
  while (!/ is at http/.test(output)) await once(child.stdout!, 'data');
  base = / is at (\S+)/.exec(output)![1]!;
  password = /with the password (\S+)/.exec(output)![1]!;
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

async function withPage(theme: Theme, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, colorScheme: theme });
  context.setDefaultTimeout(120_000);
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

async function logIn(page: Page, secret: string): Promise<void> {
  await page.getByLabel('User').fill('admin');
  await page.getByLabel('Password').fill(secret);
  await page.keyboard.press('Enter');
}

const bearerOf = async (page: Page): Promise<string> => (await page.context().cookies()).find(({ name }) => name === 'Authorization-Bearer')!.value;

for (const theme of ['light', 'dark'] as const)
  test(`the door is shut until the password is right (${theme})`, () =>
    withPage(theme, async (page) => {
      await page.goto(base);
      await page.getByRole('heading', { name: 'Log in to Millrace' }).waitFor();
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SHOTS, `login-${theme}.png`) });
      await logIn(page, 'not the password');
      await page.getByRole('alert').getByText('The user or the password is not right.').waitFor();
      assert.equal(await page.getByLabel('Password').inputValue(), '');
      await logIn(page, password);
      await page.locator('.react-flow').waitFor();
      await page.getByTitle('Logged in as admin').waitFor();
    }));

test('who is logged out elsewhere is asked again, and comes back to where they were', () =>
  withPage('light', async (page) => {
    await page.goto(base);
    await logIn(page, password);
    await page.locator('.react-flow').waitFor();
    const headers = { Authorization: `Bearer ${await bearerOf(page)}`, 'Content-Type': 'application/json' };
    const made = await fetch(`${base}/nifi-api/process-groups/root/process-groups`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ revision: { version: 0 }, component: { name: 'far away', position: { x: 0, y: 0 } } }),
    });
    const { id } = (await made.json()) as { id: string };
    await page.goto(`${base}/#/process-groups/${id}`);
    await page.getByRole('heading', { name: 'far away' }).waitFor();
    await fetch(`${base}/nifi-api/access/logout`, { method: 'DELETE', headers });
    await page.getByText('Your session has ended.').waitFor();
    assert.equal(await page.locator('.react-flow').count(), 0, 'nothing of the flow is left to be seen');
    await logIn(page, password);
    await page.getByRole('heading', { name: 'far away' }).waitFor();
  }));

test('logging out ends the session on the server', () =>
  withPage('light', async (page) => {
    await page.goto(base);
    await logIn(page, password);
    const button = page.getByRole('button', { name: 'Log out' });
    await button.waitFor();
    const bearer = await bearerOf(page);
    await button.click();
    await page.getByRole('heading', { name: 'Log in to Millrace' }).waitFor();
    assert.equal((await fetch(`${base}/nifi-api/flow/about`, { headers: { Authorization: `Bearer ${bearer}` } })).status, 401);
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to Millrace' }).waitFor();
  }));

test('who guesses is told how long to wait', () =>
  withPage('light', async (page) => {
    await page.goto(base);
    await page.getByLabel('User').fill('somebody');
    for (let n = 0; n < 12; n++) {
      await page.getByLabel('Password').fill(`guess ${n}`);
      const answer = page.waitForResponse(/access\/token/);
      await page.getByRole('button', { name: 'Log in' }).click();
      if ((await answer).status() === 429) break;
    }
    await page.getByText(/Too many tries\. The next one is possible in \d+ s\./).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Log in' }).isDisabled(), true);
  }));
