import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { packed } from './packaging.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: "Packs FlowFiles with their attributes into one content, in NiFi's FlowFile Stream v3, so that they may leave NiFi and come back whole.",
  tags: ['flowfile-stream-v3', 'flowfile-stream', 'package', 'flowfile', 'attributes'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    count: property.integer('Maximum Batch Size', 'How many FlowFiles are packed at most', { default: '1', min: 1 }),
    bytes: property.dataSize('Maximum Batch Content Size', 'How many bytes of content are packed at most', { default: '1 GB' }),
  },
  relationships: { success: 'The packed FlowFiles', original: 'The FlowFiles as they came' },
  writesAttributes: { 'mime.type': 'application/flowfile-v3' },
  async onTrigger(session, { properties: { count, bytes } }) {
    let size = 0;
    let taken = 0;
    const flowFiles: FlowFile[] = session.getMatching((flowFile) => {
      size += flowFile.size;
      if (taken >= count || (taken > 0 && size > bytes)) return 'stop';
      taken++;
      return 'take';
    });
    if (flowFiles.length === 0) return;
    const [first] = flowFiles as [FlowFile];
    const created = session.create(flowFiles);
    const written = await session.writeStream(created, packed(session, flowFiles, { format: 'FlowFile Stream, v3', level: 0, keepsPath: false, time: () => undefined }));
    session.transfer(session.putAttributes(written, { 'mime.type': 'application/flowfile-v3', filename: `${first.getAttribute('filename')}.pkg` }), 'success');
    session.transfer(flowFiles, 'original');
  },
});
