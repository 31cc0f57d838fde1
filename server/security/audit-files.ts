import { closeSync, createReadStream, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';

/** How much of a file is read at once in search of its last lines. */
const BLOCK = 64 * 1024;
const NEWLINE = 10;
const DIGITS = 12;

/** What the file is called once it is full: after its last line, so that names sort as lines do. */
export function fullName(file: string, lastLine: number): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${String(lastLine).padStart(DIGITS, '0')}${ext}`);
}

/** All files of an audit that are there, the oldest first. */
export function auditFiles(file: string): string[] {
  const { dir, name, ext } = path.parse(file);
  const isFull = (each: string): boolean => each.startsWith(`${name}-`) && each.endsWith(ext) && /^\d+$/.test(each.slice(name.length + 1, -ext.length));
  const full = existsSync(dir) ? readdirSync(dir).filter(isFull).sort() : [];
  return [...full.map((each) => path.join(dir, each)), ...(existsSync(file) ? [file] : [])];
}

/** The bytes of all files, one after the other. `end`: how many of the last one. */
export function readFiles(files: readonly string[], end = Number.POSITIVE_INFINITY): Readable {
  return Readable.from(bytesOf(files, end));
}

async function* bytesOf(files: readonly string[], end: number): AsyncGenerator<Buffer> {
  for (const [index, each] of files.entries()) {
    const upTo = index === files.length - 1 ? end : Number.POSITIVE_INFINITY;
    if (upTo > 0) yield* createReadStream(each, { start: 0, end: upTo - 1 }) as AsyncIterable<Buffer>;
  }
}

/** Whole lines of an open file, the last one first; what follows the last newline is none. */
export function* linesBackwards(fd: number): Generator<string> {
  let rest = newlineBefore(fd, fstatSync(fd).size);
  while (rest > 0) {
    const from = newlineBefore(fd, rest - 1);
    yield bytesBetween(fd, from, rest - 1).toString('utf8');
    rest = from;
  }
}

/** The lines of all files, the last one first. */
export function* lastLines(files: readonly string[]): Generator<string> {
  for (const each of files.toReversed()) {
    const fd = openSync(each, 'r');
    try {
      yield* linesBackwards(fd);
    } finally {
      closeSync(fd);
    }
  }
}

/** Where the line begins that has the byte before `end` in it. */
export function newlineBefore(fd: number, end: number): number {
  for (let to = end; to > 0; to -= BLOCK) {
    const from = Math.max(0, to - BLOCK);
    const at = bytesBetween(fd, from, to).lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
  }
  return 0;
}

function bytesBetween(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
}
