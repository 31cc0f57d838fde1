import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import { asSeen, bulletinsOf, type BulletinEntity, type EntityView, permissions, type PermissionsDto, revisionDto, type RevisionDto, shownName } from './common.ts';

export interface AffectedComponentDto {
  id: string;
  name: string;
  processGroupId?: string;
  referenceType: 'PROCESSOR' | 'CONTROLLER_SERVICE';
  state: string;
  activeThreadCount: number;
  validationErrors: string[];
}

export interface AffectedComponentEntity {
  id: string;
  uri: string;
  revision: RevisionDto;
  permissions: PermissionsDto;
  bulletins: BulletinEntity[];
  processGroup?: { id: string; name: string };
  referenceType: AffectedComponentDto['referenceType'];
  component: AffectedComponentDto;
}

const RESOURCES = { PROCESSOR: 'processors', CONTROLLER_SERVICE: 'controller-services' } as const;

/** A component that an edit elsewhere concerns. */
export function affectedComponentEntity(node: ProcessorNode | ControllerServiceNode, view: EntityView): AffectedComponentEntity {
  const { id, name, group, kind, state, revision, validationErrors } = node;
  const entity: AffectedComponentEntity = {
    id,
    uri: `${view.base}/${RESOURCES[kind]}/${id}`,
    revision: revisionDto(revision),
    permissions: permissions(node, view),
    bulletins: bulletinsOf(id, view),
    processGroup: group ? { id: group.id, name: shownName(group, view) } : undefined,
    referenceType: kind,
    component: {
      id,
      name,
      processGroupId: group?.id,
      referenceType: kind,
      state,
      validationErrors: [...validationErrors],
      activeThreadCount: node.kind === 'PROCESSOR' ? node.activeThreadCount : 0,
    },
  };
  return asSeen(entity, node, view);
}
