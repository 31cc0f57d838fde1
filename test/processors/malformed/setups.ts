import path from 'node:path';
import type { ComponentTypes } from '../../../server/engine/component-types.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import type { RealService, RunnerOptions } from '../../runner.ts';

/** A processor as it is configured to be given malformed content. */
export interface Setup extends RunnerOptions {
  readonly name: string;
  readonly label: string;
  readonly definition: ProcessorDefinition;
}

const STYLESHEET =
  '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><x><xsl:value-of select="count(//*)"/></x></xsl:template></xsl:stylesheet>';
const RECIPIENT = 'age1z49xghd76c0xktn27esnz85xvzllc8ahysaj3uacklhzfguje52syxmx5n';
const IDENTITY = 'AGE-SECRET-KEY-1FH8G5WRH348VTJ9EAHF68D3TGAXAMXGDMGR4TDSCQFJ6A3PD06QQXNRA6T';

type Texts = Readonly<Record<string, string>>;
/** Processor, label, properties, services. */
type Row = readonly [name: string, label: string, properties?: Texts, services?: Readonly<Record<string, RealService>>];

type Find = (kind: 'processor' | 'controller-service', name: string) => unknown;

function recordRows(find: Find): Row[] {
  const service = (name: string, properties: Texts = {}): RealService => ({ definition: find('controller-service', name) as RealService['definition'], properties });
  const records = (reader: RealService, writer = 'JsonRecordSetWriter') => ({ 'Record Reader': reader, 'Record Writer': service(writer) });
  const [json, csv, avro] = [service('JsonTreeReader'), service('CSVReader'), service('AvroReader')];
  const readers = [
    ['JSON', json],
    ['CSV', csv],
    ['Avro', avro],
    ['XML', service('XMLReader', { 'Expect Records as Array': 'true' })],
  ] as const;
  return [
    ...readers.map(([label, reader]): Row => ['ConvertRecord', label, {}, records(reader)]),
    ...readers.slice(0, 3).map(([label, reader]): Row => ['QueryRecord', label, { out: 'select * from FLOWFILE' }, records(reader)]),
    ['ConvertRecord', 'JSON to Avro', {}, records(json, 'AvroRecordSetWriter')],
    ['ConvertRecord', 'CSV to CSV', {}, records(csv, 'CSVRecordSetWriter')],
    ['PartitionRecord', 'CSV', { part: '/id' }, records(csv)],
    ['SplitRecord', 'JSON', { 'Records Per Split': '10' }, records(json)],
    ['UpdateRecord', 'CSV', { '/x': 'y' }, records(csv)],
    ['RemoveRecordField', 'JSON', { field: '/id' }, records(json)],
    ['RenameRecordField', 'Avro', { '/id': 'key' }, records(avro)],
    ['ForkRecord', 'JSON', { path: '/*', Mode: 'extract', 'Include Parent Fields': 'true' }, records(json)],
    ['DeduplicateRecord', 'CSV', {}, records(csv)],
    // Of content without records nothing goes on, as in NiFi; Avro always has a header.
    ['ValidateRecord', 'Avro', {}, records(avro)],
    ...(
      [
        ['JSON', json],
        ['CSV', csv],
        ['Avro', avro],
      ] as const
    ).flatMap(([label, reader]): Row[] => [
      ['SampleRecord', label, { 'Reservoir Size': '10' }, records(reader)],
      ['ExtractRecordSchema', label, {}, { 'Record Reader': reader }],
      ['CalculateRecordStats', label, { id: '/id' }, { 'Record Reader': reader }],
      ['MergeRecord', label, { 'Max Bin Age': '0 sec' }, records(reader)],
    ]),
  ];
}

function compressionRows(): Row[] {
  const read = ['use mime.type attribute', 'gzip', 'deflate', 'brotli', 'bzip2', 'xz-lzma2', 'lzma', 'zstd', 'snappy', 'snappy framed'];
  return [
    ...read.map((format): Row => ['CompressContent', format, { Mode: 'decompress', 'Compression Format': format }]),
    ['CompressContent', 'compress', { 'Compression Format': 'zstd' }],
    ['ModifyCompression', '', { 'Input Compression Strategy': 'use mime.type attribute', 'Output Compression Strategy': 'gzip' }],
    ...['use mime.type attribute', 'zip', 'tar', 'flowfile-stream-v3'].map((format): Row => ['UnpackContent', format, { 'Packaging Format': format }]),
  ];
}

function markupRows(): Row[] {
  return [
    ['EvaluateJsonPath', 'attribute', { x: '$..id', Destination: 'flowfile-attribute' }],
    ['EvaluateJsonPath', '', { x: '$.records' }],
    ['SplitJson', '', { 'JsonPath Expression': '$.*' }],
    ['FlattenJson', ''],
    ['FlattenJson', 'unflatten', { 'Return Type': 'unflatten' }],
    ['JoltTransformJSON', '', { 'Jolt Transform': 'jolt-transform-shift', 'Jolt Specification': '{"*":"&"}' }],
    ['TransformJSONata', '', { 'JSONata Expression': '$count($)' }],
    ['ValidateJson', '', { 'JSON Schema': '{"type":"object"}' }],
    ['ValidateCsv', '', { Schema: 'ParseInt(),Null' }],
    ['ValidateCsv', 'lines', { Schema: 'ParseInt(),Null', 'Validation Strategy': 'Line by line validation' }],
    ['SplitXml', ''],
    ['EvaluateXPath', '', { x: '/records/record/name' }],
    ['EvaluateXQuery', '', { x: '/records/record/name' }],
    ['ValidateXml', ''],
    ['TransformXml', '', { 'XSLT File Name': STYLESHEET }],
  ];
}

function textRows(folder: string): Row[] {
  return [
    ['ReplaceText', ''],
    ['ReplaceText', 'literal', { 'Replacement Strategy': 'Literal Replace', 'Search Value': 'a', 'Replacement Value': 'bb' }],
    ['ReplaceTextWithMapping', '', { 'Mapping File': path.join(folder, 'mapping.txt') }],
    ['ExtractText', '', { x: '(name.*)x' }],
    ['RouteText', '', { 'Matching Strategy': 'Contains', x: 'a' }],
    ['RouteOnContent', '', { x: 'name' }],
    ['ScanContent', '', { 'Dictionary File': path.join(folder, 'dictionary.txt') }],
    ['SplitText', 'header', { 'Line Split Count': '10', 'Header Line Count': '1' }],
    ['SplitContent', '', { 'Byte Sequence': '0a' }],
    ['SegmentContent', '', { 'Segment Size': '100 KB' }],
    ['CountText', '', { 'Count Words': 'true', 'Count Characters': 'true' }],
    ['ConvertCharacterSet', '', { 'Input Character Set': 'UTF-8', 'Output Character Set': 'UTF-16' }],
    ['EncodeContent', ''],
    ...['base64', 'base32', 'hex'].map((encoding): Row => ['EncodeContent', encoding, { Mode: 'Decode', Encoding: encoding }]),
    ['LogAttribute', '', { 'Log Payload': 'true' }],
    ['ExtractGrok', '', { 'Grok Expression': '%{WORD:word}', 'Grok Patterns': 'WORD \\b\\w+\\b' }],
    ['ParseSyslog', ''],
    ['ParseSyslog5424', ''],
  ];
}

function byteRows(folder: string): Row[] {
  return [
    ['CryptographicHashContent', ''],
    ['IdentifyMimeType', ''],
    ['ModifyBytes', '', { 'Start Offset': '1 B', 'End Offset': '1 B' }],
    ['PackageFlowFile', ''],
    ['SplitAvro', ''],
    ['ExtractAvroMetadata', ''],
    ['PutFile', '', { Directory: path.join(folder, 'out'), 'Conflict Resolution Strategy': 'replace' }],
    ['DecryptContentPGP', '', { Passphrase: 'x' }],
    ['EncryptContentPGP', '', { Passphrase: 'x' }],
    ['DecryptContentAge', '', { 'Private Key Identities': IDENTITY }],
    ['EncryptContentAge', '', { 'Public Key Recipients': RECIPIENT }],
    ['VerifyContentMAC', '', { 'Message Authentication Code Algorithm': 'HmacSHA256', 'Message Authentication Code': '00', 'Secret Key': '00' }],
  ];
}

/** `folder` has the files mapping.txt and dictionary.txt. */
export function setups(types: ComponentTypes, folder: string): Setup[] {
  const find: Find = (kind, name) => {
    const found = [...types.all(kind)].find(({ type }) => type.endsWith(`.${name}`));
    if (!found) throw new Error(`There is no ${name}`);
    return found.definition;
  };
  const rows = [...recordRows(find), ...compressionRows(), ...markupRows(), ...textRows(folder), ...byteRows(folder)];
  return rows.map(([name, label, properties, services]) => ({ name, label, definition: find('processor', name) as ProcessorDefinition, properties, services }));
}
