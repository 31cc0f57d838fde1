import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Router } from 'express';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';

/** The compiler leaves JSON where it is: what runs from dist/ reads the file of the project. */
const file = fileURLToPath(new URL('../syncs/openapi.json', import.meta.url)).replace(/([\\/])dist\1(?=server\1rest\1syncs)/, '$1');

/** /api/openapi.json: what describes our part of the API. */
export function openApiRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/', async () => JSON.parse(await readFile(file, 'utf8')) as object);
  return routes.router;
}
