import type { Label } from '../../engine/label.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView, positionDto, type PositionDto } from './common.ts';

export interface LabelDto {
  id: string;
  parentGroupId: string;
  versionedComponentId?: string;
  position: PositionDto;
  label: string;
  width: number;
  height: number;
  getzIndex: number;
  style: Record<string, string>;
}

export interface LabelEntity extends ComponentEntity {
  component: LabelDto;
  dimensions: { width: number; height: number };
  getzIndex: number;
}

export function labelDto({ id, group, versionedId, position, config }: Label): LabelDto {
  const { text, width, height, zIndex, style } = config;
  return { id, parentGroupId: group.id, versionedComponentId: versionedId, position: positionDto(position), label: text, width, height, getzIndex: zIndex, style: { ...style } };
}

export function labelEntity(label: Label, view: EntityView): LabelEntity {
  const component = labelDto(label);
  const { width, height, getzIndex } = component;
  return asSeen({ ...baseEntity(label, 'labels', view), bulletins: bulletinsOf(label.id, view), component, dimensions: { width, height }, getzIndex }, label, view);
}
