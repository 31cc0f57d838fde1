import { readFileSync } from 'node:fs';

/** A JSON schema as OpenAPI writes it. */
export interface SchemaObject {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaObject>>;
  readonly items?: SchemaObject;
  readonly additionalProperties?: SchemaObject | boolean;
  readonly required?: readonly string[];
}

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema?: SchemaObject }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Described>> }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, SchemaObject>> };
}

/** One operation of the API: what it is to answer when all is well. */
export interface Operation {
  /** As the walk names it: `GET /processors/{id}`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Media types of that answer; none where it has no body. */
  readonly types: readonly string[];
  /** The schema of JSON answers, by name. */
  readonly schema: string | undefined;
  /** Status codes that the file has for it. */
  readonly documented: ReadonlySet<number>;
}

export interface Specification {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly schemas: Readonly<Record<string, SchemaObject>>;
}

/** Where the file says something else than the NiFi that it was made from does. */
const CORRECTIONS: Readonly<Record<string, Partial<Operation>>> = {
  // The annotations name the entity of another resource.
  'PUT /input-ports/{id}/run-status': { schema: 'PortEntity' },
  'PUT /output-ports/{id}/run-status': { schema: 'PortEntity' },
  'GET /controller/status/history': { schema: 'StatusHistoryEntity' },
  // Described in no schema of the file; steps/processors.ts looks at it.
  'GET /processors/{id}/diagnostics': { schema: undefined },
  // Definitions are described as text or bytes. They are what import takes.
  'GET /process-groups/{id}/download': { schema: 'RegisteredFlowSnapshot' },
  'GET /versions/process-groups/{id}/download': { schema: 'RegisteredFlowSnapshot' },
  'GET /flow/reporting-tasks/download': { schema: 'VersionedReportingTaskSnapshot' },
  // What a standalone NiFi answers.
  'GET /controller/cluster': { status: 404, types: ['text/plain'], schema: undefined },
  'GET /controller/cluster/nodes/{id}': { status: 404, types: ['text/plain'], schema: undefined },
  'PUT /controller/cluster/nodes/{id}': { status: 404, types: ['text/plain'], schema: undefined },
  'DELETE /controller/cluster/nodes/{id}': { status: 404, types: ['text/plain'], schema: undefined },
  'GET /flow/cluster/search-results': { status: 404, types: ['text/plain'], schema: undefined },
};

/** Reads NiFi's OpenAPI file. */
export function readSpecification(file: string): Specification {
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => operationOf(method.toUpperCase(), path, responses)),
  );
  return { operations: new Map(operations.map((operation) => [operation.key, operation])), schemas: components.schemas };
}

function operationOf(method: string, path: string, responses: Readonly<Record<string, Described>>): Operation {
  const key = `${method} ${path}`;
  const [code, good] = Object.entries(responses).find(([status]) => /^[23]|^default$/.test(status)) ?? ['200', {}];
  const content = good.content ?? {};
  return {
    key,
    method,
    path,
    // "default" is how the file says 200.
    status: code === 'default' ? 200 : Number(code),
    types: Object.keys(content),
    schema: content['application/json']?.schema?.$ref?.split('/').at(-1),
    documented: new Set(Object.keys(responses).map(Number)),
    ...CORRECTIONS[key],
  };
}
