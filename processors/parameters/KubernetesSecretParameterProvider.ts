import { statSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { PropertyError } from '../../server/extension/errors.ts';
import { defineParameterProvider, fetchingStep, type ProvidedGroup, type ProvidedParameter } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { parseDataSize } from '../../server/extension/units.ts';

/** NiFi's limit: parameters are texts to configure with, no files. */
const MOST_BYTES = 8096;

const directoriesOf = (text: string): string[] => [...new Set(text.split(',').map((directory) => directory.trim()))].filter((directory) => directory !== '');

function checkDirectories(text: string): void {
  const directories = directoriesOf(text);
  if (directories.length === 0) throw new PropertyError('at least one directory must be named');
  for (const directory of directories) {
    if (!path.isAbsolute(directory)) throw new PropertyError(`${directory} is not an absolute path`);
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw new PropertyError(`${directory} is not a directory that is there`);
  }
}

function checkLimit(text: string): void {
  const size = parseDataSize(text);
  if (size < 1 || size > MOST_BYTES) throw new PropertyError(`it must be from 1 to ${MOST_BYTES} bytes`);
}

interface Values {
  readonly directories: string;
  readonly limit: number;
  readonly encoding: string;
}

/** The beginning of a file. */
async function read(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(limit), 0, limit, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function parameterOf(file: string, { limit, encoding }: Values): Promise<ProvidedParameter> {
  const text = (await read(file, limit)).toString().trim();
  return { name: path.basename(file), value: encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text };
}

async function groupOf(directory: string, values: Values): Promise<ProvidedGroup> {
  const parameters: ProvidedParameter[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const file = path.join(directory, name);
    // Kubernetes links the files of a secret to folders with names that begin with dots.
    if (!name.startsWith('.') && (await stat(file)).isFile()) parameters.push(await parameterOf(file, values));
  }
  return { name: path.basename(directory), parameters };
}

const groupsOf = (values: Values): Promise<ProvidedGroup[]> => Promise.all(directoriesOf(values.directories).map((directory) => groupOf(directory, values)));

export default defineParameterProvider({
  description: 'Makes parameters of files, as Kubernetes mounts secrets: each directory is a group, each file in it a parameter with its content as value.',
  tags: ['file', 'restricted'],
  restrictions: { 'read-filesystem': 'Lets whoever configures it read any file that the server may read.' },
  nifi: { package: 'org.apache.nifi.parameter', bundle: 'nifi-standard-nar' },
  properties: {
    directories: property.text('parameter-group-directories', 'Absolute paths of directories, separated by commas; the last part of each is the name of its group', {
      displayName: 'Parameter Group Directories',
      required: true,
      validate: checkDirectories,
    }),
    limit: property.dataSize('parameter-value-byte-limit', 'So many bytes of a file are read; what follows is cut off', {
      displayName: 'Parameter Value Byte Limit',
      default: '256 B',
      validate: checkLimit,
    }),
    encoding: property.choice(
      'parameter-value-encoding',
      'How the files hold the values',
      { base64: 'Base64', plaintext: 'Plain text' },
      { displayName: 'Parameter Value Encoding', default: 'base64' },
    ),
  },
  fetchParameters: ({ properties }) => groupsOf(properties),
  verify: async ({ properties }) => [await fetchingStep(() => groupsOf(properties))],
});
