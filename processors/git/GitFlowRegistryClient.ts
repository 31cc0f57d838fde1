import path from 'node:path';
import type { ComponentContext, VerificationStep } from '../../server/extension/component.ts';
import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import { defineFlowRegistryClient } from '../../server/extension/flow-registry-client.ts';
import { property } from '../../server/extension/property.ts';
import { GitRegistry } from './git-registry.ts';
import { Remote } from './remote.ts';
import { Repository } from './repository.ts';

const URL_PATTERN = /^https?:\/\//i;

function checkRepository(text: string): void {
  if (/^(ssh|git):\/\/|^[^/\\]+@[^/\\]+:/.test(text)) throw new PropertyError('it must be a path on this machine, or an http or https address: git over SSH is not supported');
  if (/^https?:\/\/[^/]*@/i.test(text)) throw new PropertyError('user and password do not belong into the address: use User Name and Password');
}

const properties = {
  repository: property.text(
    'Repository',
    'A path on this machine (bare, or with a work tree whose branch is another one; a relative path lies under the data directory), or an http or https address',
    {
      required: true,
      expressions: 'environment',
      validate: checkRepository,
    },
  ),
  create: property.boolean('Create Repository', 'Makes a bare repository where the path leads to nothing', { default: 'false' }),
  branch: property.text('Default Branch', 'The branch for those who name none', { default: 'main' }),
  folder: property.text('Repository Path', 'The folder of the repository that the buckets lie in; its root if left out', {
    validate: (text: string) => {
      if (text.split('/').some((part) => part === '' || part === '.' || part === '..'))
        throw new PropertyError('it must be a path within the repository, such as flows/production');
    },
  }),
  excluded: property.regex('Directory Filter Exclusion', 'Folders whose whole name matches are no buckets', { default: '[.].*' }),
  user: property.text('User Name', 'Of the account at the address; what hosts of git ask for beside a token differs, and many take any name', { expressions: 'environment' }),
  password: property.text('Password', 'Of the account at the address, or an access token with the right to write', { sensitive: true }),
};

type Context = ComponentContext<typeof properties>;

async function open({ properties: { repository: where, create, branch, folder, excluded, user, password }, dataDirectory }: Context): Promise<GitRegistry> {
  const settings = { defaultBranch: branch, folder: folder ?? '', excluded: new RegExp(`^(?:${excluded.source})$`, excluded.flags), storageLocation: where };
  if (!URL_PATTERN.test(where)) return new GitRegistry({ ...settings, repository: await Repository.at(path.resolve(dataDirectory, where), create, branch), remote: undefined });
  const remote = await Remote.open({ url: where, user, password, directory: dataDirectory }, branch);
  return new GitRegistry({ ...settings, repository: remote.repository, remote });
}

async function verify(context: Context): Promise<VerificationStep[]> {
  const name = 'Open the repository';
  try {
    const registry = await open(context);
    const branches = await registry.branches();
    const buckets = await registry.buckets(registry.defaultBranch);
    const found = `Its branches are ${branches.join(', ')}; on ${registry.defaultBranch} there are the buckets ${buckets.map(({ id }) => id).join(', ')}.`;
    return [{ name, outcome: 'SUCCESSFUL', explanation: `${registry.storageLocation} is open. ${found}` }];
  } catch (thrown) {
    return [{ name, outcome: 'FAILED', explanation: messageOf(thrown) }];
  }
}

export default defineFlowRegistryClient({
  description:
    'Keeps versions of process groups in a git repository: a bucket is a folder, a flow is a JSON file in it, a version is a commit. Repositories that NiFi has written can be read, and the other way round.',
  tags: ['git', 'registry', 'version', 'flow'],
  supportsBranching: true,
  properties,
  open,
  verify,
});
