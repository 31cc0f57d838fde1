import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { revision } from '../rest-rig.ts';
import { AccessRig, only } from './access-rig.ts';

test('a version brings only what whoever imports it may read, and the one who saves is its author', () =>
  AccessRig.with(async (a) => {
    const properties = { Repository: path.join(temporaryDirectory(), 'flows.git'), 'Create Repository': 'true' };
    const component = { type: 'dev.millrace.git.GitFlowRegistryClient', name: 'git', properties };
    const client = await a.ok('admin', 'POST', '/controller/registry-clients', { revision: revision(0), component });
    const versionedFlow = { registryId: client.id, bucketId: 'team', flowName: 'ours', comments: 'first', action: 'COMMIT' };
    const save = async (who: string) => {
      const { revision: processGroupRevision } = await a.get('admin', `/process-groups/${a.ours.id}`);
      return a.send(who, 'POST', `/versions/process-groups/${a.ours.id}`, { processGroupRevision, versionedFlow });
    };
    // The values of the parameter context `settings`, which the editor may not read, would be in the registry for everybody.
    assert.deepEqual(await a.statuses(save, ['editor', 'reader', 'operator', 'viewer', 'nobody']), { editor: 403, reader: 403, operator: 403, viewer: 403, nobody: 403 });
    const mayRead = (...users: string[]) => a.allow('read', `/parameter-contexts/${a.context.id}`, ...users);
    await mayRead('admin', 'editor');
    const saved = await save('editor');
    assert.equal(saved.status, 200, saved.text);
    const { versionedFlowSnapshotMetadataSet: versions } = await a.get('reader', `/flow/registries/${client.id}/buckets/team/flows/ours/versions`);
    assert.deepEqual(
      versions.map(({ versionedFlowSnapshotMetadata: { author } }: { versionedFlowSnapshotMetadata: { author: string } }) => author),
      ['editor'],
    );
    const { versionControlInformation } = saved.json;
    await mayRead('admin');
    const bring = (who: string) => a.create(who, a.ours.id, 'process-groups', { name: who, versionControlInformation });
    assert.deepEqual(await a.statuses(bring), only(201, 'admin'));
    await mayRead('admin', 'editor');
    assert.equal((await bring('editor')).status, 201);
  }));
