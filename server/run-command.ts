import path from 'node:path';
import { ConfigError, outgoingRules } from './config.ts';
import type { FlowDefinition } from './engine/flow-definition/format.ts';
import { limitOutgoing } from './extension/outgoing.ts';
import { consoleLog } from './log.ts';
import { type ParameterOverride, runFlow } from './run-flow.ts';
import { progressBar, reportLines } from './run-report.ts';

/** A line of progress where nobody looks at a terminal; milliseconds. */
const LINE_EVERY = 1000;

/** `millrace run`: progress, then the closing table. Returns the exit code. */
export async function runCommand(definition: FlowDefinition, flags: { param?: string[]; data: string; verbose?: boolean; allowOutgoing?: string }): Promise<number> {
  const outgoing = outgoingRules(flags.allowOutgoing ?? process.env.MILLRACE_ALLOW_OUTGOING);
  if (outgoing) limitOutgoing(outgoing);
  const report = await runFlow({
    definition,
    parameters: (flags.param ?? []).map(parameterOverride),
    databases: path.resolve(flags.data, 'databases'),
    log: consoleLog(flags.verbose ? 'debug' : 'warn'),
    progress: process.stderr.isTTY ? bar() : lines(),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  for (const line of reportLines(report)) console.log(line);
  return report.failures.length === 0 ? 0 : 1;
}

/** `Context.Name=value`. Names may hold dots: the first one parts them, as contexts rarely have any. Throws ConfigError. */
export function parameterOverride(text: string): ParameterOverride {
  const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text);
  if (!match) throw new ConfigError(`--param ${text} is not of the form Context.Name=value.`);
  return { context: match[1]!.trim(), name: match[2]!.trim(), value: match[3]! };
}

function bar(): (done: number, known: number) => void {
  return (done, known) => void process.stderr.write(`\r\x1b[K${progressBar(done, known)}`);
}

function lines(): (done: number, known: number) => void {
  let next = performance.now() + LINE_EVERY;
  return (done, known) => {
    if (performance.now() < next) return;
    next = performance.now() + LINE_EVERY;
    console.log(`${done} of ${known} FlowFiles`);
  };
}
