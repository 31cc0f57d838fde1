import type { Funnel } from '../../engine/funnel.ts';
import { ALL } from '../authorization/rights.ts';
import { JsonMemo } from '../raw-json.ts';
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

const unchanging = (funnel: Funnel, view: EntityView): Omit<FunnelEntity, 'bulletins'> =>
  asSeen({ ...baseEntity(funnel, 'funnels', view), component: funnelDto(funnel) }, funnel, view);

export function funnelEntity(funnel: Funnel, view: EntityView): FunnelEntity {
  return asSeen({ ...unchanging(funnel, view), bulletins: bulletinsOf(funnel.id, view) }, funnel, view);
}

/** By what the user may do: see Rights. */
const memos = Array.from({ length: ALL + 1 }, () => new JsonMemo<Funnel>());
const END = Buffer.from('},');

/** As `funnelEntity`, in JSON: see RawJson.array. */
export function funnelEntityJson(funnel: Funnel, view: EntityView): [Buffer, Buffer, Buffer] {
  const { revision, group, versionedId, position } = funnel;
  const json = memos[view.rights.of(funnel)]!.open(funnel, [view.base, revision, group, versionedId, position], () => unchanging(funnel, view), ',"bulletins":');
  return [json, Buffer.from(JSON.stringify(bulletinsOf(funnel.id, view))), END];
}
