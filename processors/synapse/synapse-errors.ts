import { messageOf } from '../../server/extension/errors.ts';
import { stoppedError, type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

type Telling = readonly [RegExp, WarehouseCause, string?];

/** Numbers of SQL Server and of Azure Synapse, and codes of tedious; the first that fits counts. */
const BY_CODE: readonly Telling[] = [
  [/^(40615|40914|40531|47073)$/, 'network policy', "Add this machine's address to the firewall rules of the Synapse workspace."],
  [/^(18456|18452|18470|18487|18488|4060|40532|ELOGIN|EFEDAUTH)$/, 'authentication'],
  [/^(229|230|262|297|300|916|15247|6004)$/, 'permission'],
  [/^(208|2812|4902|3701|15151|911|1088)$/, 'missing object'],
  [/^(207|4924)$/, 'missing column'],
  [/^(42108|42109|40613|40197|49918|49919|49920)$/, 'warming up', 'Nothing to do if the pool is being resumed or moved; if it is paused, resume it.'],
  [/^(515|547|2601|2627|8152|2628)$/, 'constraint'],
  [/^(1205|1222|3960|110806|111221)$/, 'conflict'],
  [/^(701|1105|9002|10928|10929|40501|40544|40549|40550|40551|40552|40553|110802)$/, 'resources'],
  [/^(-2|ETIMEOUT|110813)$/, 'timeout'],
  [/^(ESOCKET|ECONNCLOSED|ENOTOPEN|EINSTLOOKUP|EINVALIDSTATE|ECONNRESET|233|10053|10054|10060)$/, 'connection'],
  [/^(102|105|137|156|170|319|103010|104162|104331|104412)$/, 'syntax'],
  [/^(220|232|241|242|245|248|295|8114|8115|8134|9420|105208|107090|110801)$/, 'data'],
  [/^(13807|13811|15812|105215|16552|16561)$/, 'configuration', 'Check Blob Container URL and SAS Token: the token must allow to read, write, list and delete.'],
];

/** Synapse gives its own number to what its nodes say, whose number stands in the message. */
const BY_MESSAGE: readonly Telling[] = [
  [/not allowed to access the server/i, 'network policy'],
  [/certificate|self.signed|TLS|SSL/i, 'configuration', 'Give the warehouse service an SSL Context Service that trusts the server.'],
  [/invalid object name|could not find (the )?object|cannot find the object/i, 'missing object'],
  [/invalid column name/i, 'missing column'],
  [/cannot insert the value NULL|violation of/i, 'constraint'],
  [/permission/i, 'permission'],
  [/incorrect syntax|parse error/i, 'syntax'],
  [/conversion failed|error converting|overflow|divide by zero/i, 'data'],
  [/is paused|being resumed|not currently available/i, 'warming up'],
  [/time-?out|timed out/i, 'timeout'],
];

/** Any failure of the client or the server as a WarehouseError; `aborted` tells whether a time limit or a stop ended the statement. */
export function synapseError(thrown: unknown, aborted?: AbortSignal): WarehouseError {
  if (thrown instanceof WarehouseError) return thrown;
  if (aborted?.aborted) return stoppedError('Azure Synapse', aborted.reason, thrown);
  const { code = '', number } = thrown as { code?: string; number?: number };
  const message = messageOf(thrown);
  const told = String(number ?? code);
  const [, kind, remedy] = BY_CODE.find(([pattern]) => pattern.test(told)) ?? BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [/./, 'unknown' as const];
  return new WarehouseError(kind, `Azure Synapse: ${withName(message)}${told ? ` [${told}]` : ''}`, { remedy, cause: thrown });
}

/** A column that is missing stands in quotes, as other warehouses write it. */
const withName = (message: string): string => message.replace(/(invalid column name )'([^']*)'/i, '$1"$2"');
