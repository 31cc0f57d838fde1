import { deflateRawSync, gzipSync } from 'node:zlib';

/** One content that is not as it should be. */
export interface MalformedContent {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const JSON_TEXT = JSON.stringify({ records: Array.from({ length: 50 }, (_, id) => ({ id, name: `näme ${id}` })) });
const XML_TEXT = `<?xml version="1.0" encoding="UTF-8"?><records>${'<record id="1"><name>näme</name></record>'.repeat(50)}</records>`;
const CSV_TEXT = `id,name\n${'1,"näme"\n'.repeat(50)}`;

const cut = (bytes: Buffer | string): Buffer => Buffer.from(bytes).subarray(0, Math.floor(Buffer.byteLength(bytes) * 0.7) - 1);

/** A zip with one file of zeros, put together by hand (APPNOTE, 4.3). */
export function zipOf(content: Buffer): Buffer {
  const [name, data] = [Buffer.from('zeros'), deflateRawSync(content)];
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, data]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, Buffer.alloc(14), name]);
  central.writeUInt32LE(0, 42);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** An Avro data file whose blocks are missing or wrong: its header is right. */
function avroHeader(): Buffer {
  const schema = '{"type":"record","name":"r","fields":[{"name":"id","type":"long"},{"name":"name","type":"string"}]}';
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([(value.length * 2) & 0xff]), Buffer.from(value)]);
  const long = (value: string): Buffer => Buffer.concat([Buffer.from([((value.length * 2) & 0x7f) | 0x80, (value.length * 2) >> 7]), Buffer.from(value)]);
  return Buffer.concat([Buffer.from('Obj\x01'), Buffer.from([4]), text('avro.schema'), long(schema), text('avro.codec'), text('null'), Buffer.from([0]), Buffer.alloc(16, 7)]);
}

/** The contents; `scale` 1 gives the full sizes: a line of 50 MB, a million columns, 10,000 levels. */
export function malformedContents(scale: number): MalformedContent[] {
  const [line, columns, depth] = [50 * 1024 ** 2 * scale, 1_000_000 * scale, 10_000];
  const content = (name: string, type: string, bytes: Buffer | string): MalformedContent => ({ name, type, bytes: Buffer.from(bytes) });
  return [
    content('empty', 'application/octet-stream', ''),
    content('truncated JSON', 'application/json', cut(JSON_TEXT)),
    content('truncated XML', 'application/xml', cut(XML_TEXT)),
    content('truncated CSV', 'text/csv', cut(CSV_TEXT)),
    content('truncated Avro', 'application/avro-binary', Buffer.concat([avroHeader(), Buffer.from([20, 200, 1, 2, 3])])),
    content('Avro of endless length', 'application/avro-binary', Buffer.concat([avroHeader(), Buffer.from([2, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])])),
    content('truncated zip', 'application/zip', cut(zipOf(Buffer.from(JSON_TEXT)))),
    content('truncated gzip', 'application/gzip', cut(gzipSync(JSON_TEXT))),
    content('invalid UTF-8', 'application/json', Buffer.from(JSON_TEXT, 'latin1')),
    content('invalid UTF-8 in CSV', 'text/csv', Buffer.from(CSV_TEXT, 'latin1')),
    content('UTF-16 without a mark', 'application/json', Buffer.from(JSON_TEXT, 'utf16le')),
    content('zip bomb', 'application/zip', zipOf(Buffer.alloc(20 * 1024 ** 2))),
    content('deep JSON arrays', 'application/json', '['.repeat(depth) + ']'.repeat(depth)),
    content('deep JSON objects', 'application/json', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    content('deep XML', 'application/xml', `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`),
    content('columns', 'text/csv', `${Array.from({ length: columns }, (_, index) => `c${index}`).join(',')}\n${'1,'.repeat(columns - 1)}1\n`),
    content('long line', 'text/plain', Buffer.alloc(line, 'a')),
    content('NUL bytes', 'text/plain', 'a\0b\0\0,c\n{"a":"\0"}\n'),
    content('lone quote', 'text/csv', 'id,name\n1,"never closed\n2,b\n'),
    content('numbers beyond all measure', 'application/json', '[{"id":1e999999,"name":123456789012345678901234567890}]'),
  ];
}
