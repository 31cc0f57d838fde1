import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { places } from './config.ts';
import { systemClock } from './engine/clock.ts';
import type { ComponentTypes } from './engine/component-types.ts';
import { FlowController } from './engine/flow-controller.ts';
import type { LogLine } from './engine/runtime.ts';
import { loadComponentTypes } from './registry.ts';
import { defaultLimits, openRepositories } from './repository/open.ts';
import { checkNoRotation } from './security/rotate-key.ts';
import { loadKey, secretsWith } from './security/secrets.ts';
import { version } from './version.ts';

/** What an instance is opened with. */
export interface MillraceOptions {
  /** FlowFiles, state, the flow and its secrets. */
  readonly dataDirectory: string;
  /** Embedded databases and other files of components; below the data directory where it is left out. */
  readonly componentDirectory?: string;
  readonly timeZone?: string;
  /** The key for sensitive values, where the environment gives it. */
  readonly key?: string;
  readonly log: (line: LogLine) => void;
  /** Where components write down what somebody outside did. */
  readonly audit?: (entry: object) => void;
  /** Types besides the installed ones, for benches and tests. */
  readonly types?: ComponentTypes;
}

/** An opened data directory with its flow. */
export interface Millrace {
  readonly flow: FlowController;
  readonly types: ComponentTypes;
  /** Whether the data directory was empty. */
  readonly isNew: boolean;
  /** Ends all tasks, stores everything, lets go of the data directory. */
  close(): Promise<void>;
}

/** Opens a data directory and loads its flow; nothing runs until `flow.start()`. Throws StorageError. */
export async function openMillrace(options: MillraceOptions): Promise<Millrace> {
  const { dataDirectory, log } = options;
  const types = options.types ?? (await loadComponentTypes(places.processors, version));
  const warn = (message: string): void => log({ level: 'warn', time: systemClock.now(), message });
  checkNoRotation(dataDirectory);
  const repositories = openRepositories(dataDirectory, { ...defaultLimits, now: () => systemClock.now(), warn });
  try {
    const componentDirectory = options.componentDirectory ?? path.join(dataDirectory, 'databases');
    mkdirSync(componentDirectory, { recursive: true });
    const isNew = repositories.store.components().length === 0;
    const flow = FlowController.open({
      ...repositories,
      clock: systemClock,
      types,
      secrets: secretsWith(loadKey(path.join(dataDirectory, 'secret.key'), options.key)),
      componentDirectory,
      assetDirectory: path.join(dataDirectory, 'assets'),
      timeZone: options.timeZone,
      environment: environment(),
      log,
      audit: options.audit,
    });
    return { flow, types, isNew, close: () => close(flow, repositories) };
  } catch (failure) {
    repositories.close();
    throw failure;
  }
}

/** What expressions may see of the environment: all but our own secrets, and where the sample data is. */
function environment(): Map<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('MILLRACE_'));
  return new Map([...entries, ['millrace.flows', places.flows]]);
}

async function close(flow: FlowController, repositories: ReturnType<typeof openRepositories>): Promise<void> {
  try {
    await flow.stop();
  } finally {
    repositories.close();
  }
}
