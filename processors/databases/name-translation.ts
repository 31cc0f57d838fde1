import { PropertyError } from '../../server/extension/errors.ts';
import { compileRegex } from '../../server/extension/java/regex.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';

/** How names of fields and columns are made comparable: NiFi's strategies. */
export const translation = {
  translates: property.boolean('Translate Field Names', 'Whether names match although they are written otherwise: user_name and USERNAME', { default: 'true', required: false }),
  strategy: property.choice(
    'Column Name Translation Strategy',
    'What is left out of names before they are compared',
    {
      REMOVE_UNDERSCORE: 'Remove Underscore',
      REMOVE_SPACE: 'Remove Space',
      REMOVE_UNDERSCORE_AND_SPACE: 'Remove Underscores and Spaces',
      REMOVE_ALL_SPECIAL_CHAR: 'Remove Regular Expression Characters',
      PATTERN: 'Regular Expression',
    },
    { default: 'REMOVE_UNDERSCORE', dependsOn: { 'Translate Field Names': ['true'] } },
  ),
  pattern: property.text('Column Name Translation Pattern', 'What is left out of names, as a regular expression', {
    required: true,
    dependsOn: { 'Column Name Translation Strategy': ['PATTERN'] },
    validate: (text: string): void => {
      try {
        compileRegex(text);
      } catch (thrown) {
        throw new PropertyError((thrown as Error).message);
      }
    },
  }),
};

const REMOVED: Readonly<Record<string, RegExp>> = {
  REMOVE_UNDERSCORE: /_/g,
  REMOVE_SPACE: /\s/g,
  REMOVE_UNDERSCORE_AND_SPACE: /[\s_]/g,
  REMOVE_ALL_SPECIAL_CHAR: /[^a-zA-Z0-9]/g,
};

/** What makes names comparable; as they are where nothing is translated. */
export function translator({ translates, strategy, pattern }: PropertyValues<typeof translation>): (name: string) => string {
  if (!translates) return (name) => name;
  if (strategy === 'PATTERN') return (name) => compileRegex(pattern).replaceAll(name.toUpperCase(), '');
  return (name) => name.toUpperCase().replace(REMOVED[strategy]!, '');
}
