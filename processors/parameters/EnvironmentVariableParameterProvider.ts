import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import { defineParameterProvider, fetchingStep, type ProvidedGroup, wholePattern } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';

type Strategy = 'include-all' | 'comma-separated' | 'regex';

function checkGroupName(text: string): void {
  if (!/^[a-zA-Z0-9_. -]+$/.test(text)) throw new PropertyError('letters, digits, spaces and . _ - may be in the name of a group');
}

function isIncluded(strategy: Strategy, names: string): (name: string) => boolean {
  if (strategy === 'include-all') return () => true;
  if (strategy === 'regex') {
    const expression = wholePattern(names);
    return (name) => expression.test(name);
  }
  const listed = new Set(names.split(',').map((name) => name.trim()));
  return (name) => listed.has(name);
}

interface Values {
  readonly group: string;
  readonly strategy: string;
  readonly names: string | undefined;
}

/** Millrace's own variables hold the key of all secrets: they are never handed out. */
function groupOf({ group, strategy, names = '' }: Values): ProvidedGroup[] {
  const included = isIncluded(strategy as Strategy, names);
  const wanted = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('MILLRACE_') && included(entry[0]));
  return [{ name: group, parameters: wanted.map(([name, value]) => ({ name, value })) }];
}

export default defineParameterProvider({
  description: "Makes parameters of the server's environment variables. Variables whose names begin with MILLRACE_ are left out.",
  tags: ['environment', 'restricted', 'variable'],
  restrictions: { 'access-environment-credentials': "Lets whoever configures it read the server's environment variables, which may hold credentials." },
  nifi: { package: 'org.apache.nifi.parameter', bundle: 'nifi-standard-nar' },
  properties: {
    group: property.text('parameter-group-name', 'The name of the group of parameters, which a parameter context gets', {
      displayName: 'Parameter Group Name',
      default: 'Environment Variables',
      validate: checkGroupName,
    }),
    strategy: property.choice(
      'environment-variable-inclusion-strategy',
      'Which variables become parameters',
      { 'include-all': 'Include All', 'comma-separated': 'Comma-Separated', regex: 'Regular Expression' },
      { displayName: 'Environment Variable Inclusion Strategy', default: 'include-all' },
    ),
    names: property.text('include-environment-variables', 'The names, separated by commas; or a regular expression that the whole name must match', {
      displayName: 'Include Environment Variables',
      dependsOn: { 'environment-variable-inclusion-strategy': ['comma-separated', 'regex'] },
    }),
  },
  validate({ strategy, names }) {
    if (strategy === 'include-all') return [];
    if (!names) return ["'Include Environment Variables' is invalid because it is required: name the variables to include"];
    if (strategy !== 'regex') return [];
    try {
      wholePattern(names);
      return [];
    } catch (thrown) {
      return [`'Include Environment Variables' is invalid because ${messageOf(thrown)}`];
    }
  },
  fetchParameters: ({ properties }) => groupOf(properties),
  verify: async ({ properties }) => [await fetchingStep(() => groupOf(properties))],
});
