export type FileFormat = 'avro' | 'parquet';

const MAGIC: readonly (readonly [FileFormat, string])[] = [
  ['avro', 'Obj\u0001'],
  ['parquet', 'PAR1'],
];

/** The format of a file of records that is no text, by its first bytes. */
export function fileFormatOf(bytes: Uint8Array): FileFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return MAGIC.find(([, magic]) => magic === start)?.[0];
}
