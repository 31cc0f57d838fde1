import type { ControllerLevelEntity } from '../api/controller-level.ts';
import type { Fields } from '../shared/edit/fields.ts';
import type { FieldMapping } from '../shared/edit/use-edit.ts';
import { PROPERTY, propertiesIn, propertyFields, SENSITIVE } from '../shared/properties/property-fields.ts';

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  comments: 'Comments',
  description: 'Description',
  schedulingStrategy: 'Scheduling strategy',
  schedulingPeriod: 'Run schedule',
  enforcementPolicy: 'Enforcement policy',
};

export const componentMapping: FieldMapping<ControllerLevelEntity> = {
  read: ({ component }) => {
    const own = Object.keys(NAMES).filter((key) => key in component);
    const fields = Object.fromEntries(own.map((key) => [key, component[key as keyof typeof component]]));
    return { ...fields, [SENSITIVE]: component.sensitiveDynamicPropertyNames, ...propertyFields(component.properties) } as Fields;
  },
  write: (changed) => {
    const own = Object.fromEntries(Object.entries(changed).filter(([key]) => !key.startsWith(PROPERTY)));
    const properties = propertiesIn(changed);
    return { ...own, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
  },
};

export const componentFieldName = (key: string): string => NAMES[key] ?? (key.startsWith(PROPERTY) ? key.slice(PROPERTY.length) : key);
