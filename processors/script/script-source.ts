import { readFile } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import { ScriptRunner } from './script-runner.ts';

/** Where a script is; `defines` says what it has to define. */
export const scriptSource = (defines: string) => ({
  language: property.choice(
    'Script Language',
    'TypeScript is JavaScript after its types are left out; they are not checked',
    { JavaScript: 'JavaScript', TypeScript: 'TypeScript' },
    { default: 'JavaScript' },
  ),
  body: property.text('Script Body', defines, { language: 'javascript' }),
  file: property.text('Script File', 'The file that holds the script, instead of Script Body', { expressions: 'environment' }),
});

/** What a script may take; `time` says for what it may take so long. */
export const scriptLimits = (time: string) => ({
  time: property.duration('Time Limit', time, { default: '5 sec' }),
  memory: property.dataSize('Memory Limit', 'How much memory the script may take, 16 MB at least', { default: '64 MB' }),
});

interface Source {
  readonly body: string | undefined;
  readonly file: string | undefined;
}

export const sourceProblems = ({ body, file }: Source): string[] => ((body === undefined) === (file === undefined) ? ['Either Script Body or Script File must be set'] : []);

async function codeOf({ language, body, file }: Source & { readonly language: string }): Promise<string> {
  const text = body ?? (await readFile(file!, 'utf8'));
  if (language === 'JavaScript') return text;
  const { transform } = await import('sucrase');
  return transform(text, { transforms: ['typescript'], disableESTransforms: true }).code;
}

/** The script in its worker, with `wrap` around it. Throws ProcessError where it cannot be used. */
export async function startScript(
  values: Source & { readonly language: string; readonly time: number; readonly memory: number },
  wrap = (code: string): string => code,
): Promise<ScriptRunner> {
  const code = await codeOf(values).catch((cause: unknown) => {
    throw new ProcessError(`The script cannot be used: ${messageOf(cause)}. Correct it.`, { cause });
  });
  return ScriptRunner.start(wrap(code), { time: values.time, memory: values.memory });
}
