const DELIMITERS = [',', ';', '\t', '|'] as const;
/** So many lines decide. */
const LOOKED_AT = 20;

/** Reads CSV as RFC 4180 has it. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false];
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === delimiter) endCell();
    else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table where the text looks like CSV with a header: two lines or more with the same number of values, and more than one. Else undefined. */
export function csvIn(text: string, truncated: boolean): CsvTable | undefined {
  for (const delimiter of DELIMITERS) {
    if (!text.slice(0, text.indexOf('\n')).includes(delimiter)) continue;
    const parsed = parseCsv(text, delimiter);
    const [columns, ...rows] = truncated ? parsed.slice(0, -1) : parsed;
    if (!columns || columns.length < 2 || rows.length === 0 || new Set(columns).size < columns.length) continue;
    if (rows.slice(0, LOOKED_AT).every((row) => row.length === columns.length)) return { columns, rows };
  }
  return undefined;
}
