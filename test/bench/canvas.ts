import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { build } from 'vite';
import { places } from '../../server/config.ts';
import { ApiClient, GENERATE, type Json, UPDATE } from '../api-client.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const [NODES, EDGES, COLUMNS] = [500, 700, 25];
/** Sources that run once a second while the idle canvas is measured, so that there are figures to show. */
const LIVE = 25;
const IDLE_MILLIS = 10_000;
const GESTURE_MILLIS = 3000;

/** A canvas of 500 processors and 700 connections in Chromium, beside a React Flow of the same size with nothing of ours, in the same run. */
export async function canvas(): Promise<Result[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-canvas-'));
  const [server, browser, plain] = await Promise.all([
    ServerProcess.start(path.join(directory, 'data'), '--no-example'),
    launchChromium(),
    servePlain(path.join(directory, 'plain')),
  ]);
  try {
    const api = new Client(server.base);
    const group = await fill(api);
    const { port } = plain.address() as AddressInfo;
    return [
      { bench: 'canvas', page: 'plain React Flow', ...(await measure(browser, `http://127.0.0.1:${port}/?nodes=${NODES}&edges=${EDGES}`)) },
      { bench: 'canvas', page: 'Millrace', ...(await measure(browser, `${server.base}/#/process-groups/${group}`, () => startSources(api, group))) },
    ];
  } finally {
    await browser.close();
    plain.close();
    await server.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

class Client extends ApiClient {
  readonly origin: string;

  constructor(origin: string) {
    super();
    this.origin = origin;
  }
}

/** Sources above, a grid of processors below them, most with two ways out. */
async function fill(api: Client): Promise<string> {
  const group = await api.create('root', 'process-groups', { name: 'Many' });
  const made: Json[] = [];
  for (let index = 0; index < NODES; index++) {
    const isSource = index < COLUMNS;
    const component = {
      type: isSource ? GENERATE : UPDATE,
      name: `Processor ${index}`,
      position: { x: (index % COLUMNS) * 400, y: Math.floor(index / COLUMNS) * 240 },
      config: isSource ? { schedulingPeriod: '1 sec' } : { autoTerminatedRelationships: index >= NODES - COLUMNS ? ['success'] : [] },
    };
    made.push(await api.create(group.id, 'processors', component));
  }
  const pairs = made.flatMap((source, index) => [made[index + COLUMNS], (index + 1) % COLUMNS === 0 ? undefined : made[index + COLUMNS + 1]].map((target) => ({ source, target })));
  for (const { source, target } of pairs.filter((pair) => pair.target).slice(0, EDGES)) await api.connect(source, target);
  return group.id;
}

async function startSources(api: Client, group: string): Promise<void> {
  const { processors } = (await api.get(`/flow/process-groups/${group}`)).processGroupFlow.flow;
  const sources = processors.filter(({ component }: Json) => component.type === GENERATE).slice(0, LIVE);
  for (const source of sources) await api.runStatus(source, 'RUNNING');
}

async function measure(browser: Browser, url: string, enliven?: () => Promise<void>): Promise<Record<string, number>> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(url);
  const first_paint_ms = Math.round(await firstPaint(page));
  const busy = (): Promise<number> => taskMillis(session);
  const zoomed = await framesWhile(page, busy, () => zoom(page));
  const dragged = await framesWhile(page, busy, () => drag(page));
  // Everything in view, as it was first seen.
  await page.reload();
  await firstPaint(page);
  await enliven?.();
  await page.waitForTimeout(3000);
  const idle_cpu_percent = await cpuPercent(page, session);
  await context.close();
  return {
    nodes: NODES,
    edges: EDGES,
    first_paint_ms,
    zoom_fps: zoomed.perSecond,
    zoom_busy_ms: zoomed.busy,
    drag_fps: dragged.perSecond,
    drag_busy_ms: dragged.busy,
    idle_cpu_percent,
  };
}

/** Milliseconds from the beginning of the navigation until the first nodes are on the screen. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const isSeen = () => {
      const node = document.querySelector('.react-flow__node');
      return node !== null && getComputedStyle(node).visibility === 'visible';
    };
    while (!isSeen()) await frame();
    await frame();
    return performance.now();
  });
}

/** Frames a second, and how long the main thread works for one: the second holds on a machine that others use, too. */
async function framesWhile(page: Page, busy: () => Promise<number>, act: () => Promise<void>): Promise<{ perSecond: number; busy: number }> {
  const before = await busy();
  await page.evaluate(() => {
    const counter = { frames: 0, from: performance.now(), on: true };
    Object.assign(window, { counter });
    const count = (): void => {
      counter.frames++;
      if (counter.on) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await act();
  const worked = (await busy()) - before;
  const { frames, perSecond } = await page.evaluate(() => {
    const { counter } = window as unknown as { counter: { frames: number; from: number; on: boolean } };
    counter.on = false;
    return { frames: counter.frames, perSecond: (1000 * counter.frames) / (performance.now() - counter.from) };
  });
  return { perSecond: Math.round(perSecond), busy: Number((worked / frames).toFixed(1)) };
}

async function zoom(page: Page): Promise<void> {
  await page.mouse.move(720, 450);
  const end = Date.now() + GESTURE_MILLIS;
  for (let step = 0; Date.now() < end; step++) await page.mouse.wheel(0, step % 40 < 20 ? -60 : 60);
}

/** Pulls one node in circles. */
async function drag(page: Page): Promise<void> {
  const { x, y } = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.react-flow__node')].map((node) => node.getBoundingClientRect());
    const middle = boxes.map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 3 }));
    return middle.sort((a, b) => Math.hypot(a.x - 720, a.y - 450) - Math.hypot(b.x - 720, b.y - 450))[0]!;
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  const end = Date.now() + GESTURE_MILLIS;
  for (let step = 0; Date.now() < end; step++) await page.mouse.move(x + 60 * Math.cos(step / 10), y + 60 * Math.sin(step / 10));
  await page.mouse.up();
}

/** What the page's main thread is busy with, in percent of one core. */
async function cpuPercent(page: Page, session: CDPSession): Promise<number> {
  const before = await taskMillis(session);
  await page.waitForTimeout(IDLE_MILLIS);
  return Number(((100 * ((await taskMillis(session)) - before)) / IDLE_MILLIS).toFixed(1));
}

async function taskMillis(session: CDPSession): Promise<number> {
  return 1000 * (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

async function servePlain(outDir: string): Promise<Server> {
  await build({ root: path.join(places.project, 'test', 'bench', 'plain-canvas'), base: './', logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = createServer((request, response) => {
    const file = new URL(request.url ?? '/', 'http://x').pathname;
    const name = file === '/' ? 'index.html' : file.slice(1);
    try {
      response.setHeader('Content-Type', TYPES[path.extname(name)] ?? 'application/octet-stream').end(readFileSync(path.join(outDir, path.normalize(`/${name}`))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
