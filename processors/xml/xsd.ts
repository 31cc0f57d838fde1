import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { XmlDocument, XmlValidateError, XsdValidator, xmlCleanupInputProvider } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { readFileSync } from 'node:fs';
import type { XmlJob } from './xml-jobs.ts';

type Job = Extract<XmlJob, { kind: 'xsd' }>;

let known: { readonly file: string; readonly validator: XsdValidator } | undefined;

/** The schema of a file, with those that it includes from beside it. Nothing comes from the network. */
function validatorOf(file: string): XsdValidator {
  if (known?.file === file) return known.validator;
  xmlRegisterFsInputProviders();
  try {
    const document = XmlDocument.fromBuffer(readFileSync(file), { url: pathToFileURL(path.resolve(file)).href });
    try {
      known = { file, validator: XsdValidator.fromDoc(document) };
    } finally {
      document.dispose();
    }
  } finally {
    // From here on documents can make it read nothing.
    xmlCleanupInputProvider();
  }
  return known.validator;
}

/** What is wrong with a document, the first three faults; empty where it is valid. Throws an Error where the schema is not one, or the document is no XML. */
export function validate({ document, schema }: Job): string {
  const validator = validatorOf(schema);
  if (document.length === 0) return '';
  const parsed = XmlDocument.fromBuffer(document);
  try {
    validator.validate(parsed);
    return '';
  } catch (thrown) {
    if (!(thrown instanceof XmlValidateError)) throw thrown;
    return thrown.details
      .slice(0, 3)
      .map(({ message, line }) => `line ${line}: ${message.trim()}`)
      .join('; ');
  } finally {
    parsed.dispose();
  }
}
