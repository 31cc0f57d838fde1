import type { ComponentContext } from '../../server/extension/component.ts';
import type { LookupService } from '../../server/extension/lookup.ts';
import { property, type PropertyMap } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { TYPES } from '../../server/extension/record-schema.ts';
import { ReloadedFile } from '../../server/extension/reloaded-file.ts';

export const configurationFile = {
  file: property.text('Configuration File', 'The file. It is read again when it has changed', { required: true, expressions: 'environment' }),
};
export const READS_FILES = { 'read-filesystem': 'Lets whoever configures it read any such file that the server may read.' };

/** Looks texts up in what a file says. Throws ProcessError where the file cannot be used. */
export async function fileLookup<T>(
  { properties, now }: Pick<ComponentContext<PropertyMap>, 'now'> & { readonly properties: { readonly file: string } },
  load: (file: string) => Promise<T>,
  find: (contents: T, key: string) => string | undefined,
): Promise<LookupService> {
  const contents = new ReloadedFile(properties.file, load, 5000);
  await contents.get(now());
  return {
    requiredKeys: ['key'],
    async lookup(coordinates) {
      const key = coordinates.get('key');
      const value = key === null || key === undefined ? undefined : find(await contents.get(now()), textOf(key));
      return value === undefined ? undefined : { value, type: TYPES.string };
    },
  };
}
