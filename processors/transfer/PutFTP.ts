import type { ComponentContext } from '../../server/extension/component.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { ftpCompression, ftpProblems, ftpProperties, ftpTransfers, transferMode } from './ftp-properties.ts';
import { putRelationships, putTrigger, type PuttingClient } from './put-remote.ts';
import type { RemoteConnection } from './remote-files.ts';
import { login, putting } from './transfer-properties.ts';
import { verifyTransfers } from './transfers.ts';

/** The commands `pre.cmd.1`, `pre.cmd.2` ... in the order of their numbers. */
function commands({ dynamic }: Pick<ComponentContext<never>, 'dynamic'>, kind: 'pre' | 'post') {
  const found = [...dynamic].flatMap(([name, value]) => {
    const [, number] = new RegExp(`^${kind}\\.cmd\\.(\\d+)$`).exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), value }];
  });
  found.sort((a, b) => a.number - b.number);
  return async (connection: RemoteConnection, flowFile: FlowFile): Promise<void> => {
    for (const { value } of found) await (connection as FtpConnection).command(value(flowFile));
  };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the content of FlowFiles to files of an FTP server, named after their filename.',
  tags: ['remote', 'copy', 'egress', 'put', 'ftp', 'archive', 'files'],
  input: 'required',
  supportsBatching: true,
  properties: { ...login('21'), ...putting, ...ftpProperties, ...transferMode, ...ftpCompression },
  dynamicProperties: {
    description: 'Commands that are sent to the server before a file (pre.cmd.1, pre.cmd.2 and so on) and after it (post.cmd.1)',
    name: 'pre.cmd._____ or post.cmd._____',
    value: 'The command',
    expressions: 'none',
  },
  relationships: putRelationships,
  readsAttributes: { filename: 'The name of the file' },
  validate: ftpProblems,
  verify: (context) => verifyTransfers(context, ftpTransfers(context), undefined),
  onScheduled: (context): PuttingClient => ({
    ...ftpTransfers(context, context.properties.maxUses),
    blindly: false,
    before: commands(context, 'pre'),
    after: commands(context, 'post'),
  }),
  onTrigger: (session, context) => putTrigger(session, context),
  onStopped: ({ pool }) => pool.close(),
});
