import { useEffect, useState } from 'react';
import { formatCount, formatNumberOf } from '../format.ts';
import { Loading } from '../message.tsx';
import type { FileFormat } from './file-format.ts';
import { type FileView, fileTable, type ReadPart } from './record-file.ts';
import { Records } from './records.tsx';

interface FileContent {
  /** The content, or its beginning. */
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  readonly size: number;
  readonly readPart?: ReadPart;
}

interface FileRecordsProps {
  readonly format: FileFormat;
  readonly shown: 'records' | 'schema';
  readonly content: FileContent;
}

/** What decodes a format comes when there is something to decode. */
async function decode(format: FileFormat, { bytes, truncated, size, readPart }: FileContent): Promise<FileView> {
  if (format === 'avro') return (await import('./avro-file.ts')).avroFileView(bytes, truncated);
  const { parquetView } = await import('./parquet.ts');
  if (!truncated) return parquetView(bytes.length, async (start, end) => bytes.slice(start, end).buffer);
  if (!readPart) throw new Error('A Parquet file has its schema at its end, which was not kept here. List the queue, or look at the event in the provenance, to see its rows.');
  return parquetView(size, readPart);
}

/** The records of an Avro or Parquet file, or its schema. */
export function FileRecords({ format, shown, content }: FileRecordsProps) {
  const { view, error } = useFileView(format, content);
  if (error)
    return (
      <p className="callout content-problem" data-tone="danger" role="alert">
        {error}
      </p>
    );
  if (!view) return <Loading>Reading the records</Loading>;
  return (
    <>
      <p className="content-facts">{factsOf(view)}</p>
      <Records table={shown === 'schema' ? view.schema : fileTable(view)} />
    </>
  );
}

function factsOf({ format, records, total, isAll, note }: FileView): string {
  const packed = note && note !== 'uncompressed' ? `, ${note}` : '';
  if (isAll) return `${format}${packed}: ${formatNumberOf(records.length, 'record')}`;
  return `${format}${packed}: the first ${formatCount(records.length)}${total === undefined ? ' records' : ` of ${formatNumberOf(total, 'record')}`}`;
}

function useFileView(format: FileFormat, { bytes, truncated, size, readPart }: FileContent): { view?: FileView; error?: string } {
  const [state, setState] = useState<{ view?: FileView; error?: string }>({});
  useEffect(() => {
    let wanted = true;
    const name = { avro: 'Avro', parquet: 'Parquet' }[format];
    decode(format, { bytes, truncated, size, readPart }).then(
      (view) => wanted && setState({ view }),
      (failure: unknown) =>
        wanted && setState({ error: `This begins as ${name} does, but its records cannot be read. ${failure instanceof Error ? failure.message : String(failure)}` }),
    );
    return () => {
      wanted = false;
    };
  }, [format, bytes, truncated, size, readPart]);
  return state;
}
