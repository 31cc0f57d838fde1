import { Grok, patternsWith } from '../../server/extension/grok/grok.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { grokBatches, grokSchema } from './grok-records.ts';
import { accessProblems, givenSchema, schemaDetails, STRATEGIES } from './schema-properties.ts';

function checkPatterns(text: string): void {
  patternsWith(text);
}

const compiled = (expressions: string, patterns: string | undefined): Grok[] => {
  const known = patternsWith(patterns);
  return expressions
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => new Grok(line, known));
};

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.grok', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads log lines: grok expressions say what the lines look like and which parts of them are fields.',
  details: 'A stack trace goes to the field `stackTrace` of the message before it, and the lines as they were to `_raw`.',
  tags: ['grok', 'logs', 'logfiles', 'parse', 'unstructured', 'text', 'record', 'reader', 'regex', 'pattern', 'logstash'],
  properties: {
    access: property.choice(
      'Schema Access Strategy',
      'Where the fields and their types come from',
      { 'string-fields-from-grok-expression': 'Use String Fields From Grok Expression', ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference },
      { default: 'string-fields-from-grok-expression' },
    ),
    ...schemaDetails,
    patterns: property.text('Grok Patterns', 'Patterns of your own, each a line of a name and a regular expression; they go before the default ones', {
      expressions: 'environment',
      validate: checkPatterns,
    }),
    expressions: property.text('Grok Expressions', 'What lines look like, an expression a line; the first that matches counts', { required: true }),
    noMatch: property.choice(
      'No Match Behavior',
      'What becomes of a line that matches nothing',
      { 'append-to-previous-message': 'Append to Previous Message', 'skip-line': 'Skip Line', 'raw-line': 'Raw Line' },
      { default: 'append-to-previous-message' },
    ),
  },
  provides: [RECORD_READER],
  validate(values) {
    try {
      compiled(values.expressions, values.patterns);
    } catch (thrown) {
      return [(thrown as Error).message, ...accessProblems(values.access, values)];
    }
    return accessProblems(values.access, values);
  },
  onEnabled({ properties: values }): RecordReaderFactory {
    const groks = compiled(values.expressions, values.patterns);
    const own = grokSchema(groks);
    return {
      async read(open, flowFile) {
        const schema = (await givenSchema(values.access, values, flowFile)) ?? own;
        return { schema, batches: grokBatches(open(), groks, values.noMatch, schema) };
      },
    };
  },
});
