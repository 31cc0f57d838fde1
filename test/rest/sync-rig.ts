import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { places } from '../../server/config.ts';
import { connectors } from '../../server/connectors.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import type { RestServices } from '../../server/rest/services.ts';
import { Syncs } from '../../server/syncs/syncs.ts';
import type { Answer, ApiClient, Json } from '../api-client.ts';

const openapi = JSON.parse(readFileSync(path.join(places.project, 'server/rest/syncs/openapi.json'), 'utf8')) as Json;
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } });
ajv.addSchema(openapi, 'openapi');

/** What RestRig needs besides to offer syncs. */
export async function withSyncs(flow: FlowController): Promise<Partial<RestServices>> {
  return { connectors, syncs: await Syncs.open(flow, connectors) };
}

/** The path of the description that a request is for, and the status that it promises. */
function described(method: string, url: string): { pointer: string; status: string; content: Json } {
  const segments = url
    .replace(/^\/api/, '')
    .split('?')[0]!
    .split('/');
  const paths = Object.keys(openapi.paths).filter((each) => {
    const wanted = each.split('/');
    return wanted.length === segments.length && wanted.every((segment, index) => segment.startsWith('{') || segment === segments[index]);
  });
  const found = paths.sort((a, b) => a.split('{').length - b.split('{').length).find((each) => openapi.paths[each][method.toLowerCase()]);
  assert.ok(found, `${method} ${url} is not in the OpenAPI file`);
  const responses = openapi.paths[found][method.toLowerCase()].responses;
  const status = Object.keys(responses).find((each) => each !== 'default')!;
  const escaped = found.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return { pointer: `openapi#/paths/${escaped}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`, status, content: responses[status].content };
}

/** Sends a request, and holds the answer against the OpenAPI file: its status, and the shape of its body. */
export async function checked(client: ApiClient, method: string, url: string, body?: unknown): Promise<Answer> {
  const answer = await client.send(method, url, body);
  if (answer.status >= 400) return answer;
  const { pointer, status, content } = described(method, url);
  assert.equal(String(answer.status), status, `${method} ${url}: ${answer.text}`);
  if (content['application/json']) {
    const valid = ajv.validate({ $ref: pointer }, answer.json);
    assert.ok(valid, `${method} ${url}: ${ajv.errorsText(ajv.errors)}\n${answer.text.slice(0, 2000)}`);
  }
  return answer;
}

/** As `checked`, for what must succeed: its JSON. */
export async function ok(client: ApiClient, method: string, url: string, body?: unknown): Promise<Json> {
  const answer = await checked(client, method, url, body);
  assert.ok(answer.status < 300, `${method} ${url} -> ${answer.status} ${answer.text} ${client.log.join('\n')}`);
  return answer.json;
}
