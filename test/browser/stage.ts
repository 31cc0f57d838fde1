import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { places } from '../../server/config.ts';
import { ApiClient, type Json, until } from '../api-client.ts';
import { ServerProcess } from '../bench/server.ts';
import { launchChromium } from './chromium.ts';

/** Where screenshots go; CI keeps them. `ARTEFACTS` names another folder. */
export const SHOTS = path.join(process.env.ARTEFACTS ?? path.join(places.project, 'artefacts'), 'screenshots');

export type Theme = 'light' | 'dark';

/** A real server on a fresh data directory and a browser, for all tests of a file. Each test opens scenes of its own. */
export class Stage extends ApiClient {
  #server!: ServerProcess;
  #browser!: Browser;
  #directory = '';

  /** Call it at the top of a test file: it starts before the first test and ends after the last one. */
  static forFile(...flags: string[]): Stage {
    const stage = new Stage();
    before(() => stage.#open(flags));
    after(() => stage.#close());
    return stage;
  }

  get origin(): string {
    return this.#server.base;
  }

  async #open(flags: readonly string[]): Promise<void> {
    assert.ok(existsSync(path.join(places.project, 'dist', 'ui', 'index.html')), 'Browser tests look at what is built: run `npm run build` first.');
    this.#directory = mkdtempSync(path.join(tmpdir(), 'millrace-browser-'));
    [this.#server, this.#browser] = await Promise.all([ServerProcess.start(this.#directory, '--no-example', ...flags), launchChromium()]);
  }

  async #close(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Ends the server as a crash does, or starts it again on the same data and port. */
  async crash(): Promise<void> {
    await this.#server.kill('SIGKILL');
  }

  async restart(): Promise<void> {
    const { port } = new URL(this.#server.base);
    this.#server = await ServerProcess.start(this.#directory, '--no-example', '--port', port);
  }

  /**
   * Shows an empty group of its own on a page and closes it afterwards. Fails where the page logged an error. Twice in a test: two
   * people.
   */
  async scene(use: (scene: Scene) => Promise<void>, options: SceneOptions = {}): Promise<void> {
    const group: Json = options.group ?? (await this.create('root', 'process-groups', { name: options.name ?? 'Scene', position: { x: 0, y: 0 } }));
    const { width = 1440, height = 900, theme = 'light' } = options;
    const context = await this.#browser.newContext({ locale: 'en-US', viewport: { width, height }, colorScheme: theme });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: this.origin });
    context.setDefaultTimeout(120_000);
    try {
      const scene = await Scene.open(this, context, group);
      try {
        await use(scene);
      } catch (failure) {
        await scene.shot(`failed ${group.id}`);
        throw failure;
      }
      assert.deepEqual(scene.errors, []);
    } finally {
      await context.close();
    }
  }
}

export interface SceneOptions {
  readonly name?: string;
  /** One that is there already. */
  readonly group?: Json;
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
}

/** A page that shows a group, and what a person does with it. */
export class Scene {
  readonly page: Page;
  readonly stage: Stage;
  readonly group: Json;
  /** What the page logged as an error. A lost server is one, too: take those out where they are meant. */
  readonly errors: string[] = [];

  private constructor(stage: Stage, page: Page, group: Json) {
    this.stage = stage;
    this.page = page;
    this.group = group;
    page.on('pageerror', ({ message }) => this.errors.push(message));
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
  }

  static async open(stage: Stage, context: BrowserContext, group: Json): Promise<Scene> {
    const scene = new Scene(stage, await context.newPage(), group);
    await scene.show(group.id);
    return scene;
  }

  /** Goes to a group by its link. */
  async show(groupId: string): Promise<void> {
    await this.page.goto(`${this.stage.origin}/#/process-groups/${groupId}`);
    await this.page.locator('.react-flow').waitFor();
  }

  /** What is drawn of a component, by its id. */
  node(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`);
  }

  /** Brings everything into view and waits until the canvas has come to rest. */
  async fit(): Promise<void> {
    await this.page.keyboard.press('Shift+1');
    const place = (): Promise<string | null> => this.page.locator('.react-flow__viewport').getAttribute('style');
    let before = '';
    await until(async () => {
      await this.page.waitForTimeout(120);
      const now = (await place()) ?? '';
      const rests = now === before;
      before = now;
      return rests;
    });
  }

  /** The middle of something, in pixels of the page. */
  async middle(of: Locator): Promise<{ x: number; y: number }> {
    const box = await of.boundingBox();
    assert.ok(box, 'is seen');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Presses at a point, pulls to another one and lets go. */
  async pull(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  }

  /** Types words into the open choice of types and takes the marked one, once the types are there and one of them fits. */
  async takeType(words: string): Promise<void> {
    await this.page.getByLabel('Search types').fill(words);
    await this.page.getByRole('option', { selected: true }).filter({ hasText: words }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** What the API says is in the group. */
  async flow(groupId: string = this.group.id): Promise<Json> {
    return (await this.stage.get(`/flow/process-groups/${groupId}`)).processGroupFlow.flow;
  }

  /** Waits until the API says so of the group. */
  async until(isSo: (flow: Json) => boolean, groupId?: string): Promise<void> {
    await until(async () => isSo(await this.flow(groupId)));
  }

  /** Keeps what is seen as a picture, for people. */
  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`), animations: 'disabled' });
  }
}
