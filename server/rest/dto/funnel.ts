import type { Funnel } from '../../engine/funnel.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView, positionDto, type PositionDto } from './common.ts';

export interface FunnelDto {
  id: string;
  parentGroupId: string;
  versionedComponentId?: string;
  position: PositionDto;
}

export interface FunnelEntity extends ComponentEntity {
  component: FunnelDto;
}

export function funnelDto({ id, group, versionedId, position }: Funnel): FunnelDto {
  return { id, parentGroupId: group.id, versionedComponentId: versionedId, position: positionDto(position) };
}

export function funnelEntity(funnel: Funnel, view: EntityView): FunnelEntity {
  return asSeen({ ...baseEntity(funnel, 'funnels', view), bulletins: bulletinsOf(funnel.id, view), component: funnelDto(funnel) }, funnel, view);
}
