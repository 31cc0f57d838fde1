import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { linesIn, WatchedFile } from './dictionary.ts';
import { TermSearch } from './term-search.ts';

/** Terms in NiFi's binary form: the length in four bytes, then the term. */
function binaryTerms(content: Buffer): Buffer[] {
  const terms: Buffer[] = [];
  for (let at = 0; at + 4 <= content.length; ) {
    const length = content.readUInt32BE(at);
    if (at + 4 + length > content.length) throw new Error('it ends in the middle of a term');
    terms.push(content.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return terms;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells FlowFiles whose content holds a term of a dictionary.',
  tags: ['byte sequence', 'search', 'dictionary', 'find', 'scan', 'aho-corasick', 'content'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    file: property.text('Dictionary File', 'A file with the terms; it is read again when it changes', { required: true }),
    encoding: property.choice('Dictionary Encoding', 'text: a term a line. binary: the length of each term in four bytes before it', choices('text', 'binary'), {
      default: 'text',
    }),
  },
  relationships: { matched: 'FlowFiles that hold a term', unmatched: 'The other FlowFiles' },
  writesAttributes: { 'matching.term': 'The term that was found first' },
  onScheduled: ({ properties: { file, encoding } }) =>
    new WatchedFile(file, (content) => new TermSearch(encoding === 'binary' ? binaryTerms(content) : linesIn(content).map((line) => Buffer.from(line)))),
  async onTrigger(session, { client, now }) {
    const search = await client.value(now());
    for (const flowFile of session.getBatch(10)) {
      const term = await search.find(session.readStream(flowFile));
      if (term) session.transfer(session.putAttribute(flowFile, 'matching.term', term.toString()), 'matched');
      else session.transfer(flowFile, 'unmatched');
    }
  },
});
