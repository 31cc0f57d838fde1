import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';

/** More parts than anybody means, and more than memory should hold. */
const MAX_SEGMENTS = 1_000_000;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Cuts content into parts of equal size. No byte is copied.',
  tags: ['split', 'segment'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    size: property.dataSize('Segment Size', 'How many bytes each part has', { required: true, expressions: 'flowfile' }),
  },
  relationships: { segments: 'The parts; a FlowFile that is small enough is its own part', original: 'The FlowFiles as they came' },
  writesAttributes: { ...FRAGMENT_ATTRIBUTES },
  onTrigger(session, { properties: { size }, log }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const length = size(flowFile);
    const count = Math.max(1, Math.ceil(flowFile.size / length));
    if (!(length > 0) || count > MAX_SEGMENTS) {
      log.error(`Segment Size ${length} B is not usable for ${flowFile.size} bytes: it must be greater than 0 and give at most ${MAX_SEGMENTS} parts. Correct it.`);
      return session.requeue(session.penalize(flowFile));
    }
    const fragments = new Fragments(flowFile, count);
    for (let index = 0; index < count; index++) {
      const from = index * length;
      const part = session.clone(flowFile, from, Math.min(length, flowFile.size - from));
      session.transfer(session.putAttributes(part, fragments.of(index + 1)), 'segments');
    }
    session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
  },
});
