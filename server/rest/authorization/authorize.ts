import type { Call } from '../call.ts';
import { HttpError } from '../errors.ts';
import { Ask } from './ask.ts';
import { OPERATIONS } from './operations.ts';

const PREFIX = /^\/nifi-api(?=\/|$)/;

/** Operations by what their path says besides the names of its parameters. */
const byShape = new Map(Object.keys(OPERATIONS).map((operation) => [shapeOf(operation), operation]));

/** `GET /processors/{}` for `get`, `/nifi-api/Processors/:id` and for `GET /processors/{id}` alike: Express does not mind the case. */
function shapeOf(operation: string): string {
  return operation
    .toLowerCase()
    .replace(/\{[^}]*\}|:\w+|\*\w+/g, '{}')
    .replace(/\/$/, '');
}

/** The table's operation for a route; undefined where there is none. `path`: from the root, in the words of Express or of the API description. */
export function operationOf(method: string, path: string): string | undefined {
  return byShape.get(shapeOf(`${method} ${path.replace(PREFIX, '')}`));
}

/** Throws HttpError 403 where the user may not do what the request asks for, and where nobody has said who may. */
export async function authorize(call: Call, method: string, path: string): Promise<void> {
  if (call.rights.isUnlimited) return;
  const operation = operationOf(method, call.request.baseUrl + path);
  if (operation === undefined) throw new HttpError(403, `Nobody may ${method.toUpperCase()} this: no policy is laid down for it. Please report it.`);
  const ask = new Ask(call, operation);
  for (const rule of OPERATIONS[operation]!) await rule.check(ask, call.rights);
}
