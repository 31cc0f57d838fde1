import type { ControllerServiceEntity } from '../api/shapes.ts';
import type { Fields } from '../shared/edit/fields.ts';
import type { FieldMapping } from '../shared/edit/use-edit.ts';
import { PROPERTY, propertiesIn, propertyFields, SENSITIVE } from '../shared/properties/property-fields.ts';

const NAMES: Readonly<Record<string, string>> = { name: 'Name', comments: 'Comments', bulletinLevel: 'Bulletin level', [SENSITIVE]: 'Sensitive properties' };

export const serviceMapping: FieldMapping<ControllerServiceEntity> = {
  read: ({ component }) => {
    const { name, comments, bulletinLevel, sensitiveDynamicPropertyNames, properties } = component;
    return { name, comments, bulletinLevel, [SENSITIVE]: sensitiveDynamicPropertyNames, ...propertyFields(properties) } as Fields;
  },
  write: (changed) => {
    const own = Object.fromEntries(Object.entries(changed).filter(([key]) => !key.startsWith(PROPERTY)));
    const properties = propertiesIn(changed);
    return { ...own, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
  },
};

export const serviceFieldName = (key: string): string => NAMES[key] ?? (key.startsWith(PROPERTY) ? key.slice(PROPERTY.length) : key);
