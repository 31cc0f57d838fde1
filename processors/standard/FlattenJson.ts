import { checkWritableCharacterSet, decode, encode } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { flatten, unflatten } from './json-flattening.ts';
import { jsonText, parseJson } from '../../server/extension/json-path/json-document.ts';

/** JSON is held in memory as a whole. */
const MAXIMUM = 256 * 1024 * 1024;

const properties = {
  separator: property.text('Separator', 'What stands between the keys of a path, one character', { default: '.', required: false, expressions: 'flowfile' }),
  mode: property.choice(
    'Flatten Mode',
    'normal: everything becomes a path, as a[0].b. keep arrays: arrays stay. dot notation: as a.0.b. keep primitive arrays: arrays without objects stay',
    choices('normal', 'keep arrays', 'dot notation', 'keep primitive arrays'),
    { default: 'keep arrays' },
  ),
  ignores: property.boolean('Ignore Reserved Characters', 'Whether keys that hold the separator are left as they are, instead of being written as ["a.b"]', { default: 'false' }),
  direction: property.choice('Return Type', 'Whether paths are made, or made into objects again', choices('flatten', 'unflatten'), { default: 'flatten' }),
  characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  pretty: property.boolean('Pretty Print JSON', 'Whether the JSON is laid out for reading', { default: 'false' }),
};

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes nested JSON flat, each value under its path as key, or the other way round.',
  tags: ['flatten', 'unflatten', 'json'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with the new JSON', failure: 'FlowFiles that are not JSON' },
  onTrigger(session, { properties: { separator, mode, ignores, direction, characterSet, pretty }, log }) {
    for (const flowFile of session.getBatch(20)) {
      try {
        const between = separator(flowFile) ?? '.';
        if ([...between].length !== 1) throw new Error(`the Separator '${between}' is not one character`);
        if (flowFile.size > MAXIMUM) throw new Error(`it has more than ${MAXIMUM} bytes`);
        const document = parseJson(decode(session.read(flowFile), characterSet));
        const result = direction === 'flatten' ? flatten(document, { separator: between, mode, ignoresReserved: ignores }) : unflatten(document, between);
        session.transfer(session.write(flowFile, encode(jsonText(result, pretty ? 2 : undefined), characterSet)), 'success');
      } catch (thrown) {
        log.error(`${flowFile.getAttribute('filename')} cannot be changed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
