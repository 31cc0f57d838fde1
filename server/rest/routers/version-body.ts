import { InvalidRequestError } from '../../engine/errors.ts';
import type { FlowDefinition } from '../../engine/flow-definition/format.ts';
import type { WantedVersion } from '../../engine/version-control/wanted-version.ts';
import type { RevisionBody } from '../call.ts';
import { definitionCheck } from '../definition-schema.ts';
import { anything, bodyCheck, object, optional, revision, text, textMap } from '../schemas.ts';

/** What a body says of a version in a registry. */
export interface VersionControlBody {
  groupId?: string | null;
  registryId?: string | null;
  branch?: string | null;
  bucketId?: string | null;
  flowId?: string | null;
  flowName?: string | null;
  version?: string | null;
}

const information = { groupId: text, registryId: text, branch: text, bucketId: text, flowId: text, flowName: text, version: text };
/** In the body of a group that is imported. */
export const versionControlInformation = optional(information);

const name = { type: 'string' } as const;

export const versionBody = bodyCheck<{ processGroupRevision?: RevisionBody; versionControlInformation: VersionControlBody }>(
  object({ processGroupRevision: revision, versionControlInformation: object(information) }, ['versionControlInformation']),
);

export const activeBody = bodyCheck<{ processGroupId: string }>(object({ processGroupId: name }, ['processGroupId']));

export const mappingBody = bodyCheck<{
  processGroupRevision?: RevisionBody;
  versionControlInformation: VersionControlBody;
  versionControlComponentMapping: Record<string, string>;
}>(
  object({ processGroupRevision: revision, versionControlInformation: object(information), versionControlComponentMapping: { ...textMap, type: 'object' } }, [
    'versionControlInformation',
    'versionControlComponentMapping',
  ]),
);

interface SaveBody {
  action: 'COMMIT' | 'FORCE_COMMIT';
  registryId?: string | null;
  branch?: string | null;
  bucketId?: string | null;
  flowId?: string | null;
  flowName?: string | null;
  description?: string | null;
  comments?: string | null;
}

export const saveBody = bodyCheck<{ processGroupRevision?: RevisionBody; versionedFlow: SaveBody }>(
  object(
    {
      processGroupRevision: revision,
      versionedFlow: object(
        { action: { enum: ['COMMIT', 'FORCE_COMMIT'] }, registryId: text, branch: text, bucketId: text, flowId: text, flowName: text, description: text, comments: text },
        ['action'],
      ),
    },
    ['versionedFlow'],
  ),
);

interface SnapshotBody extends FlowDefinition {
  snapshotMetadata: { bucketIdentifier: string; flowIdentifier: string; version?: string | null; branch?: string | null };
  flow?: unknown;
  bucket?: unknown;
}

export const snapshotBody = definitionCheck<{ processGroupRevision?: RevisionBody; registryId?: string | null; versionedFlowSnapshot: SnapshotBody }>((definition) =>
  object(
    {
      processGroupRevision: revision,
      registryId: text,
      versionedFlowSnapshot: {
        allOf: [
          definition,
          object(
            { flow: anything, snapshotMetadata: object({ bucketIdentifier: name, flowIdentifier: name, version: text, branch: text }, ['bucketIdentifier', 'flowIdentifier']) },
            ['snapshotMetadata'],
          ),
        ],
      },
    },
    ['versionedFlowSnapshot'],
  ),
);

/** Throws InvalidRequestError where a part is missing. */
export function wantedVersion({ registryId, branch, bucketId, flowId, version }: VersionControlBody): WantedVersion {
  for (const [field, value] of Object.entries({ registryId, bucketId, flowId, version })) {
    if (!value) throw new InvalidRequestError(`The version control information must say the ${field}.`);
  }
  return { registryId: registryId!, branch: branch || undefined, bucketId: bucketId!, flowId: flowId!, version: version! };
}
