import { PropertyError } from '../../server/extension/errors.ts';

export const RESTRICTIONS = { 'execute-code': 'Lets whoever configures it run programs on the server, with all the rights of this runtime.' } as const;

export function oneCharacter(text: string): void {
  if ([...text].length !== 1) throw new PropertyError('it must be one character');
}
