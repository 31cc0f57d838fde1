import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { settleSignal, Signal } from './signals.ts';
import { type properties, START } from './wait-properties.ts';

type Session = ProcessSession<'success' | 'wait' | 'expired' | 'failure'>;
type Context = ProcessContext<typeof properties, Map<string, number>>;

interface Target {
  readonly counter: string | undefined;
  readonly count: number;
  readonly perPass: number;
}

function wholeNumber(text: string, name: string, least: number): number {
  if (!/^\d{1,15}$/.test(text.trim()) || Number(text) < least) throw new Error(`its ${name} '${text}' must be a whole number from ${least}`);
  return Number(text);
}

/** FlowFiles with one identifier that are looked at together. */
export class WaitingBatch {
  readonly #session: Session;
  readonly #context: Context;

  constructor(session: Session, context: Context) {
    this.#session = session;
    this.#context = context;
  }

  fail(flowFile: FlowFile, reason: string): void {
    this.#context.log.error(`${flowFile.getAttribute('filename')} cannot wait: ${reason}`);
    this.#session.transfer(this.#session.penalize(this.#untimed(flowFile)), 'failure');
  }

  /** Lets go who may go; returns whether anybody left. Throws ProcessError where the cache cannot be reached. */
  async look(id: string, flowFiles: readonly FlowFile[]): Promise<boolean> {
    const { cache } = this.#context.properties;
    const entry = await cache.get(id);
    const signal = entry && Signal.parse(entry.value);
    const before = signal && { counts: { ...signal.counts }, total: signal.total };
    const candidates = this.#unexpired(flowFiles);
    const target = signal && this.#target(candidates);
    const released = signal && target ? this.#choose(signal, target, candidates) : new Set<FlowFile>();
    if (signal && target && target.perPass > 0 && released.size > 0) {
      const parts = [...released].map((flowFile) => this.#part(flowFile));
      signal.mark(parts);
      if (!(await cache.replace(id, signal.toText(), entry!.revision))) throw new Error(`The signal '${id}' was changed meanwhile: it is looked at again.`);
      this.#session.afterCommit(() => void settleSignal(cache, id, parts, true).catch(() => undefined));
    }
    for (const flowFile of candidates) this.#leave(flowFile, released.has(flowFile), signal, before);
    return released.size > 0 || candidates.length < flowFiles.length;
  }

  #unexpired(flowFiles: readonly FlowFile[]): FlowFile[] {
    const { now, properties: values } = this.#context;
    return flowFiles.flatMap((given) => {
      const flowFile = given.getAttribute(START) === undefined ? this.#session.putAttribute(given, START, String(now())) : given;
      const start = flowFile.getAttribute(START)!;
      if (!/^\d{1,15}$/.test(start)) this.fail(flowFile, `its ${START} '${start}' is not a time`);
      else if (now() > Number(start) + values.expiration) this.#session.transfer(this.#untimed(flowFile), 'expired');
      else return [flowFile];
      return [];
    });
  }

  /** As the first FlowFile that says it says it; who does not say it leaves `candidates`. */
  #target(candidates: FlowFile[]): Target | undefined {
    const { counter, target, perPass } = this.#context.properties;
    while (candidates.length > 0) {
      const [flowFile] = candidates as [FlowFile];
      try {
        const count = wholeNumber(target(flowFile), 'Target Signal Count', 1);
        return { counter: counter(flowFile) || undefined, count, perPass: wholeNumber(perPass(flowFile), 'Releasable FlowFile Count', 0) };
      } catch (thrown) {
        candidates.shift();
        this.fail(flowFile, messageOf(thrown));
      }
    }
    return undefined;
  }

  /** Who may go: those that the signal let go before a kill, and as many others as it lets go now. */
  #choose(signal: Signal, { counter, count, perPass }: Target, candidates: readonly FlowFile[]): ReadonlySet<FlowFile> {
    if (perPass === 0) return new Set(signal.count(counter) >= count ? candidates : []);
    const [marked, others] = [candidates.filter((each) => signal.isMarked(this.#part(each))), candidates.filter((each) => !signal.isMarked(this.#part(each)))];
    const released = others.length > 0 ? signal.release(counter, count, perPass, others.length) : 0;
    return new Set([...marked, ...others.slice(0, released)]);
  }

  #part(flowFile: FlowFile): string {
    return `${this.#context.id} ${flowFile.uuid}`;
  }

  #leave(given: FlowFile, mayGo: boolean, signal: Signal | undefined, before: { counts: Readonly<Record<string, number>>; total: number } | undefined): void {
    const { copy, mode } = this.#context.properties;
    const flowFile = signal && before ? this.#session.putAttributes(given, handed(given, signal, before, copy === 'replace')) : given;
    if (mayGo) this.#session.transfer(this.#untimed(flowFile), 'success');
    else if (mode === 'keep') this.#session.requeue(flowFile);
    else this.#session.transfer(flowFile, 'wait');
  }

  #untimed(flowFile: FlowFile): FlowFile {
    return flowFile.getAttribute(START) === undefined ? flowFile : this.#session.removeAttributes(flowFile, [START]);
  }
}

/** The attributes that Notify hands over, and the counters. */
function handed(flowFile: FlowFile, signal: Signal, { counts, total }: { counts: Readonly<Record<string, number>>; total: number }, replaces: boolean): Record<string, string> {
  const attributes = Object.entries(signal.attributes).filter(([name]) => replaces || flowFile.getAttribute(name) === undefined);
  const counters = Object.entries(counts).map(([name, count]) => [`wait.counter.${name}`, String(count)] as const);
  return { ...Object.fromEntries([...attributes, ...counters]), 'wait.counter.total': String(total) };
}
