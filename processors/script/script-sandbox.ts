import type { QuickJSContext, QuickJSWASMModule } from 'quickjs-emscripten';

/** What a script gets of a FlowFile, and what it may give back, as JSON. */
export interface ScriptInput {
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | null;
  readonly size: number;
}

export interface SandboxLimits {
  /** Milliseconds for one FlowFile. */
  readonly time: number;
  /** Bytes. */
  readonly memory: number;
}

/** How a call of the script ended: JSON of what it returned, or what went wrong. After a `fatal` one the sandbox is not to be used again. */
export type ScriptOutcome = { readonly result: string; readonly log: readonly string[] } | { readonly error: string; readonly fatal: boolean; readonly log: readonly string[] };

const STACK = 128 * 1024;
const MAX_LOG = 100;
/** WebAssembly counts memory in pages; QuickJS itself begins with 16 MB. */
const PAGE = 64 * 1024;
const LEAST_PAGES = 256;

/**
 * A script in QuickJS, an engine of its own inside WebAssembly: it sees the language and nothing else. There are no modules, no
 * timers, no process, no files and no network, and nothing of Node's can be reached from inside.
 */
export class ScriptSandbox {
  readonly #code: string;
  readonly #limits: SandboxLimits;
  readonly #module: Awaited<ReturnType<typeof import('quickjs-emscripten')['getQuickJS']>>;
  #context: QuickJSContext | undefined;
  #deadline = 0;
  #log: string[] = [];

  private constructor(module: QuickJSWASMModule, code: string, limits: SandboxLimits) {
    this.#module = module;
    this.#code = code;
    this.#limits = limits;
  }

  /** Each sandbox has a WebAssembly memory of its own, which cannot grow beyond the limit (QuickJS's own limit does not count in WebAssembly). */
  static async create(code: string, limits: SandboxLimits): Promise<ScriptSandbox> {
    const { newQuickJSWASMModule, newVariant, RELEASE_SYNC } = await import('quickjs-emscripten');
    const maximum = Math.max(LEAST_PAGES, Math.ceil(limits.memory / PAGE));
    const wasmMemory = new WebAssembly.Memory({ initial: LEAST_PAGES, maximum });
    return new ScriptSandbox(await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { wasmMemory })), code, limits);
  }

  /** What is wrong with the script itself; undefined where it can be called. */
  check(): string | undefined {
    try {
      this.#open();
      return undefined;
    } catch (thrown) {
      return (thrown as Error).message;
    }
  }

  /** Calls the script's function `transform`. */
  call(input: ScriptInput): ScriptOutcome {
    this.#log = [];
    try {
      const context = this.#open();
      this.#deadline = performance.now() + this.#limits.time;
      const argument = context.newString(JSON.stringify(input));
      const call = context.getProp(context.global, '__call');
      const outcome = context.callFunction(call, context.undefined, argument);
      argument.dispose();
      call.dispose();
      const result = context.unwrapResult(outcome);
      const text = context.getString(result);
      result.dispose();
      return { result: text, log: this.#log };
    } catch (thrown) {
      const { message } = thrown as Error;
      // What ran out of time or memory may be in any state; it is given up with its thread, not tidied up.
      const fatal = /interrupted|out of memory|stack|memory access|unreachable/i.test(message) || !(thrown instanceof Error);
      return { error: this.#explain(thrown as Error), fatal, log: this.#log };
    }
  }

  #explain({ name, message }: Error): string {
    if (/interrupted/.test(message)) return `it took longer than ${this.#limits.time} ms`;
    if (/out of memory/i.test(message)) return `it needs more than ${this.#limits.memory} bytes of memory`;
    return name === 'Error' || message.startsWith(name) ? message : `${name}: ${message}`;
  }

  #open(): QuickJSContext {
    if (this.#context) return this.#context;
    const runtime = this.#module.newRuntime();
    runtime.setMaxStackSize(STACK);
    runtime.setInterruptHandler(() => performance.now() > this.#deadline);
    const context = runtime.newContext();
    this.#context = context;
    this.#deadline = performance.now() + this.#limits.time;
    this.#provideLog(context);
    context.unwrapResult(context.evalCode(this.#code, 'script.js')).dispose();
    const glue = `if (typeof transform !== 'function') throw new Error('the script defines no function transform');
      const __call = globalThis.__call = (json) => { const given = transform(JSON.parse(json)); return JSON.stringify(given === undefined ? null : given) ?? 'null'; };`;
    context.unwrapResult(context.evalCode(glue, 'glue.js')).dispose();
    return context;
  }

  #provideLog(context: QuickJSContext): void {
    const log = context.newFunction('log', (message) => {
      if (this.#log.length < MAX_LOG) this.#log.push(String(context.dump(message)).slice(0, 1000));
    });
    context.setProp(context.global, 'log', log);
    log.dispose();
  }
}
