import { parentPort, workerData } from 'node:worker_threads';
import { type SandboxLimits, type ScriptInput, type ScriptOutcome, ScriptSandbox } from './script-sandbox.ts';

/** Runs in a worker: a script that computes for long holds up nobody, and one that never ends can be given up. */
const { code, limits } = workerData as { code: string; limits: SandboxLimits };
const sandbox = await ScriptSandbox.create(code, limits);
/** Answers up to the first call that ends the sandbox. */
function call(inputs: readonly ScriptInput[]): ScriptOutcome[] {
  const outcomes: ScriptOutcome[] = [];
  for (const input of inputs) {
    const outcome = sandbox.call(input);
    outcomes.push(outcome);
    if ('fatal' in outcome && outcome.fatal) break;
  }
  return outcomes;
}

parentPort!.on('message', (inputs: readonly ScriptInput[]) => parentPort!.postMessage(call(inputs)));
parentPort!.postMessage({ problem: sandbox.check() });
