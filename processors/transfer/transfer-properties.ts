import { choices } from '../../server/extension/choices.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { compileRegex } from '../../server/extension/java/regex.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { entityTracking } from '../../server/extension/tracked-listing.ts';

/** Throws PropertyError where a text is no regular expression. */
function checkRegex(text: string): void {
  try {
    compileRegex(text);
  } catch (thrown) {
    throw new PropertyError(`it is not a regular expression: ${(thrown as Error).message}`);
  }
}

/** Which server, and who comes. */
export const login = (port: string) => ({
  host: property.text('Hostname', 'Name or address of the server', { required: true, expressions: 'flowfile' }),
  port: property.text('Port', 'The port on which it listens', { default: port, expressions: 'flowfile' }),
  user: property.text('Username', 'Who logs in', { required: true, expressions: 'flowfile' }),
  password: property.text('Password', 'The password of the user', { sensitive: true, expressions: 'flowfile' }),
});

/** How long to wait, and which way to go. */
export const connecting = {
  connectTimeout: property.duration('Connection Timeout', 'How long connecting may take, logging in included', { default: '30 sec' }),
  dataTimeout: property.duration('Data Timeout', 'How long the server may leave a request without an answer', { default: '30 sec' }),
  proxy: property.service('Proxy Configuration Service', 'A proxy (HTTP or SOCKS5) through which the server is reached', PROXY_CONFIGURATION),
};

export const compression = {
  compresses: property.boolean('Use Compression', 'Whether what goes over the line is compressed, where the server can', { default: 'false' }),
};

/** Which files are looked for. */
export const searching = {
  recurse: property.boolean('Search Recursively', 'Whether the directories inside are searched too', { default: 'false' }),
  followsLinks: property.boolean('Follow Symbolic Links', 'Whether links to files and to directories are followed; otherwise they are left out', { default: 'false' }),
  filter: property.text('File Filter Regex', 'A regular expression: only files whose whole name matches', { validate: checkRegex }),
  pathFilter: property.text('Path Filter Regex', 'With Search Recursively, a regular expression: only files in directories whose whole path below the Remote Path matches', {
    validate: checkRegex,
  }),
  ignoresDotted: property.boolean('Ignore Dotted Files', 'Whether files and directories whose names begin with a dot are left out', { default: 'true' }),
};

/** For what gets files at once, or lists them by FTP. */
export const pollBatch = {
  maxListed: property.integer('Remote Poll Batch Size', 'How many files one listing finds at most', { default: '5000' }),
};

/** What ListSFTP and ListFTP have in common. */
export const listing = {
  strategy: property.choice(
    'Listing Strategy',
    'How files are recognized that were listed before',
    { timestamps: 'Tracking Timestamps', entities: 'Tracking Entities', none: 'No Tracking', 'time-window': 'Time Window' },
    { default: 'timestamps' },
  ),
  directory: property.text('Remote Path', 'The directory to list', { default: '.', required: false, expressions: 'environment' }),
  writer: property.service('Record Writer', 'Writes all files that were found into one FlowFile; where it is not set, each is a FlowFile without content', RECORD_SET_WRITER),
  ...searching,
  precision: property.choice(
    'Target System Timestamp Precision',
    'For Time Window: how exact the times of the server are, so that no file is missed that is written just now',
    { 'auto-detect': 'Auto Detect', millis: 'Milliseconds', seconds: 'Seconds', minutes: 'Minutes' },
    { default: 'auto-detect' },
  ),
  ...entityTracking,
};

const LEVELS = choices('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE');

/** What FetchSFTP and FetchFTP have in common. */
export const fetching = {
  file: property.text('Remote File', 'The file, with its whole path', { required: true, expressions: 'flowfile' }),
  completion: property.choice('Completion Strategy', 'What becomes of the file once its content is stored', choices('None', 'Move File', 'Delete File'), { default: 'None' }),
  destination: property.text('Move Destination Directory', 'With Move File: the directory of the server to which it is moved', { expressions: 'flowfile' }),
  creates: property.boolean('Create Directory', 'With Move File: whether that directory is made where it is missing', { default: 'false', required: false }),
  missingLevel: property.choice('Log Level When File Not Found', 'How loudly a file is missed', LEVELS, { default: 'ERROR' }),
};

/** What GetSFTP and GetFTP have in common. */
export const getting = {
  directory: property.text('Remote Path', 'The directory from which files are read', { expressions: 'flowfile' }),
  ...searching,
  ...pollBatch,
  interval: property.duration('Polling Interval', 'How long to wait between two listings', { default: '60 sec' }),
  deletes: property.boolean('Delete Original', 'Whether a file is removed once what was read is stored; otherwise it is read again and again', { default: 'true' }),
  maxUses: property.integer('Max Selects', 'How many files are read over one connection', { default: '100', min: 1 }),
  isOrdered: property.boolean('Use Natural Ordering', 'Whether files are read in the order of their names; otherwise the oldest come first', { default: 'false' }),
};

/** What PutSFTP and PutFTP have in common. */
export const putting = {
  directory: property.text('Remote Path', 'The directory to which files are written; where it is not set, the one in which a session begins', { expressions: 'flowfile' }),
  creates: property.boolean('Create Directory', 'Whether the directory is made where it is missing', { default: 'false' }),
  maxUses: property.integer('Batch Size', 'How many FlowFiles go over one connection', { default: '500', min: 1 }),
  conflict: property.choice(
    'Conflict Resolution',
    'What to do where there is a file of this name: REPLACE writes over it, IGNORE leaves it and counts as success, RENAME puts a number before the new name, REJECT and FAIL ' +
      'route to reject and failure; NONE does not look and writes over it',
    choices('REPLACE', 'IGNORE', 'RENAME', 'REJECT', 'FAIL', 'NONE'),
    { default: 'NONE' },
  ),
  rejectsEmpty: property.boolean('Reject Zero-Byte Files', 'Whether FlowFiles without content go to reject', { default: 'true', required: false }),
  dotRename: property.boolean('Dot Rename', 'Whether a file bears its name with a dot before it until it is complete. Temporary Filename goes before it', {
    default: 'true',
    required: false,
  }),
  temporaryName: property.text('Temporary Filename', 'The name that a file bears until it is complete', { expressions: 'flowfile' }),
  modified: property.text('Last Modified Time', 'The time of change that the file gets, such as 2026-11-23T14:36:00+0000', { expressions: 'flowfile' }),
  permissions: property.text('Permissions', 'What the file gets, such as rw-r--r-- or 644', { expressions: 'flowfile' }),
};
