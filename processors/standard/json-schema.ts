import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What is wrong with a document, a sentence each. */
export type JsonCheck = (document: unknown) => string[];

const MAX_ERRORS = 100;
const DRAFTS = { DRAFT_4: Ajv, DRAFT_6: Ajv, DRAFT_7: Ajv, DRAFT_2019_09: Ajv2019, DRAFT_2020_12: Ajv2020 } as const;

/** Throws an Error where the text is not a schema of this draft. */
export function compileSchema(text: string, draft: keyof typeof DRAFTS): JsonCheck {
  const schema = JSON.parse(text) as object | boolean;
  // Draft 6 is draft 7 without if, then and else; schemas name the older one.
  const named = typeof schema === 'object' && draft === 'DRAFT_6' ? { ...schema, $schema: undefined } : schema;
  const ajv = new DRAFTS[draft]({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const check = ajv.compile(named);
  return (document) => (check(document) ? [] : (check.errors ?? []).slice(0, MAX_ERRORS).map(({ instancePath, message }) => `$${path(instancePath)}: ${message ?? 'is invalid'}`));
}

/** `/a/0` to `.a[0]`. */
const path = (pointer: string): string =>
  pointer
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
