import { readFileSync } from 'node:fs';
import path from 'node:path';
import { places } from './config.ts';

/** Our own version, as package.json gives it. */
export const { version } = JSON.parse(readFileSync(path.join(places.project, 'package.json'), 'utf8')) as { version: string };
