import { DatabricksApi } from '../../../processors/databricks/api.ts';
import { Databricks, type DatabricksSettings } from '../../../processors/databricks/databricks.ts';
import { WarmUp } from '../../../processors/databricks/warm-up.ts';
import { DatabricksEmulator, TOKEN, VOLUME, WAREHOUSE_ID } from '../../emulators/databricks.ts';

export interface Rig {
  readonly emulator: DatabricksEmulator;
  readonly warehouse: Databricks;
  /** What the service said, level and text. */
  readonly said: string[];
  close(): Promise<void>;
}

/** A warehouse on an emulator of its own. */
export async function openDatabricks(more: Partial<DatabricksSettings> = {}, token = TOKEN, patience = 60_000): Promise<Rig> {
  const emulator = await DatabricksEmulator.start();
  const said: string[] = [];
  const say = (level: string) => (text: string) => void said.push(`${level} ${text}`);
  const api = await DatabricksApi.open({ workspace: emulator.url, login: { token }, timeout: 10_000 });
  const settings: DatabricksSettings = { warehouseId: WAREHOUSE_ID, catalog: 'workspace', schema: 'default', volume: VOLUME, disposition: 'EXTERNAL_LINKS', ...more };
  const warehouse = new Databricks(api, settings, new WarmUp(api, WAREHOUSE_ID, { warn: say('warn'), info: say('info') }, patience));
  return {
    emulator,
    warehouse,
    said,
    async close() {
      await warehouse.close();
      await emulator.stop();
    },
  };
}

export async function withDatabricks(work: (rig: Rig) => Promise<void>, ...given: Parameters<typeof openDatabricks>): Promise<void> {
  const rig = await openDatabricks(...given);
  try {
    await work(rig);
  } finally {
    await rig.close();
  }
}

const WORDS: readonly (readonly [RegExp, string | ((...match: string[]) => string)])[] = [
  [/generate_series\((\d+), (\d+)\)/g, (_, from, to) => `range(${from}, ${Number(to) + 1})`],
  [/\bTIMESTAMP\b/g, 'TIMESTAMP_NTZ'],
  [/\bTIMESTAMPTZ\b/g, 'TIMESTAMP'],
  [/\bTIME '/g, "'"],
  [/\bVARCHAR\b(?!\()/g, 'STRING'],
  [/\bDOUBLE PRECISION\b/g, 'DOUBLE'],
  [/\bREAL\b/g, 'FLOAT'],
  [/ARRAY\[(.*?)\]/g, (_, items) => `array(${items})`],
];

/** The contract's SQL as Databricks writes it. */
export const translate = (sql: string): string => WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words as string), sql);
