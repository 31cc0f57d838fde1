import type { ConfiguredComponent } from '../../engine/configured-component.ts';
import { asSeen, baseEntity, bulletinsOf, bundleDto, type BundleDto, type ComponentEntity, type EntityView, operatePermissions, type PermissionsDto } from './common.ts';
import { descriptorDtos, type PropertyDescriptorDto, propertyTexts } from './descriptor.ts';
import { serviceChoices } from './service-choices.ts';

/** What the components that are made from a type and configured by properties say alike. */
export interface ConfiguredDto {
  id: string;
  versionedComponentId?: string;
  name: string;
  comments: string;
  type: string;
  bundle: BundleDto;
  persistsState: boolean;
  restricted: boolean;
  deprecated: boolean;
  multipleVersionsAvailable: boolean;
  supportsSensitiveDynamicProperties: boolean;
  extensionMissing: boolean;
  properties?: Record<string, string | null>;
  descriptors?: Record<string, PropertyDescriptorDto>;
  sensitiveDynamicPropertyNames: string[];
  validationErrors?: string[];
  validationStatus: 'VALID' | 'INVALID' | 'VALIDATING';
}

export function configuredDto(node: ConfiguredComponent, view: EntityView): ConfiguredDto {
  const { id, group, name, comments, type, bundle, definition, isValid } = node;
  const configuration = { properties: propertyTexts(node), descriptors: descriptorDtos(node, serviceChoices(group, view)) };
  return {
    id,
    versionedComponentId: node.versionedId,
    name,
    comments,
    type,
    bundle: bundleDto(bundle),
    persistsState: definition?.stateful !== undefined,
    restricted: definition?.restrictions !== undefined,
    deprecated: false,
    multipleVersionsAvailable: false,
    supportsSensitiveDynamicProperties: definition?.dynamicProperties !== undefined,
    extensionMissing: node.isGhost,
    ...(view.uiOnly ? {} : configuration),
    sensitiveDynamicPropertyNames: [...node.properties.sensitiveDynamic],
    validationErrors: isValid ? undefined : [...node.validationErrors],
    validationStatus: isValid ? 'VALID' : 'INVALID',
  };
}

export interface ConfiguredEntity<D> extends ComponentEntity {
  component: D;
  operatePermissions: PermissionsDto;
}

/** `resource` is the router's path. */
export function configuredEntity<D>(node: ConfiguredComponent, resource: string, component: D, view: EntityView): ConfiguredEntity<D> {
  const entity = { ...baseEntity(node, resource, view), position: undefined, bulletins: bulletinsOf(node.id, view), component, operatePermissions: operatePermissions(node, view) };
  return asSeen(entity, node, view);
}
