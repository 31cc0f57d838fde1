import { readFileSync } from 'node:fs';
import { operationOf } from '../../server/rest/authorization/authorize.ts';
import { OPERATIONS } from '../../server/rest/authorization/operations.ts';

/**
 * `tsx test/conformance/authorization.ts FILE`: compares what each operation wants with what NiFi's OpenAPI file says that it
 * wants. Prints each difference and one line of totals; exits with 1 where there is one that EXCEPTIONS do not explain.
 */
interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly security?: readonly Readonly<Record<string, unknown>>[] }>>>>;
}

/** Resources of NiFi's API that are not offered. */
const ABSENT = /^\S+ \/(remote-process-groups|data-transfer|connectors)\b/;

/** Where we differ and why: the operation, what only we want, what only NiFi's file names. */
const EXCEPTIONS: readonly (readonly [operation: RegExp, ours: readonly string[], theirs: readonly string[], why: string])[] = [
  [/^GET \/flow\/current-user$/, [], ['read /flow'], "NiFi's code does not ask for it"],
  [/^POST \/process-groups\/\{id\}\/process-groups$/, ['read /parameter-contexts'], [], 'the context that is bound (NiFi asks so in code)'],
  [/^PUT \/process-groups\/\{id\}$/, ['read /parameter-contexts', 'read affected', 'write affected'], [], 'the context that is bound (NiFi asks so in code)'],
  [/paste$|\/import$|^PUT \/versions\/process-groups/, ['read definition'], [], 'what the definition names must be readable'],
  [/replace-requests$|(update|revert)-requests\/process-groups/, ['read definition'], ['read /parameter-contexts'], 'the same, contexts among them'],
  [
    /^PUT \/process-groups\/\{id\}\/flow-contents$/,
    ['read definition', 'read /{component-type}', 'write /{component-type}', 'write /restricted-components'],
    [],
    'it replaces as much',
  ],
  [/^GET \/flow\/reporting-tasks\/(snapshot|download)$/, ['read /controller'], [], 'they show the whole configuration'],
  [/^POST \/parameter-contexts$/, ['read definition', 'read /parameter-providers'], [], 'a parameter must not name a service that one may not read, nor a provider'],
  [/^POST \/parameter-contexts\/\{id\}\/update-requests$/, ['read definition'], [], 'a parameter must not name a service that one may not read'],
  [/^POST \/parameter-contexts\/\{id\}\/validation-requests$/, ['read affected', 'write affected'], [], 'it tells what is wrong with them (NiFi asks so in code)'],
  [
    /^GET (\/versions)?\/process-groups\/\{id\}\/download$/,
    ['read /{component-type}', 'read /controller-services', 'read /parameter-contexts'],
    [],
    'everything in it is in the file (NiFi asks so in code)',
  ],
  [/^POST \/versions\/process-groups\/\{id\}$/, ['read /parameter-contexts'], [], 'their parameters are saved too'],
  [/snippet-instance$/, ['read /controller-services', 'read /parameter-contexts'], [], 'what the copies name (NiFi asks so in code)'],
  [/apply-parameters-requests$/, ['read /parameter-contexts', 'write /parameter-contexts'], [], 'the contexts that are written or made (NiFi asks so in code)'],
  [/^PUT \/parameter-contexts\/\{id\}$/, ['read affected', 'write affected', 'read inherited', 'read definition'], [], 'ours changes parameters as an update request does'],
  [
    /^POST (?!\/controller\/registry-clients).*config\/verification-requests$/,
    ['read /controller-services', 'write /{component-type}'],
    [],
    'a service that is to be tried must be readable (NiFi asks so in code); to try other properties is to run them',
  ],
  [
    /^POST \/controller\/registry-clients\/\{id\}\/config|^(PUT|POST) \/controller\/registry-clients/,
    ['read /controller-services', 'read /controller/registry-clients', 'write /{component-type}'],
    ['read /controller'],
    'services that are named; the client itself, which inherits from the controller',
  ],
  [/^DELETE \/controller\/registry-clients\/\{id\}$/, ['read /controller-services'], [], 'services that it lets go'],
];

function wanted(specification: Specification): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [path, methods] of Object.entries(specification.paths)) {
    for (const [method, { security = [] }] of Object.entries(methods)) {
      const words = security.flatMap((entry) => Object.keys(entry).map(normal));
      if (/^(get|put|post|delete)$/.test(method)) found.set(`${method.toUpperCase()} ${path}`, new Set(words));
    }
  }
  return found;
}

/** `operate /processors` for `Write - /processors/{uuid} or /operation/processors/{uuid}`. */
function normal(words: string): string {
  if (words.startsWith('Only the user')) return 'submitter';
  const [, path] = /(\/[\w/{}-]*[\w}])/.exec(words) ?? [];
  // NiFi's code calls it so.
  const resource = path?.replace(/(?:\/\{(?!component-type)[^}]*\})+$/, '').replace(/^\/flow-analysis-rules/, '/controller/flow-analysis-rules');
  if (words.startsWith('Read or Write')) return `read or write ${resource}`;
  if (/\bor +(or +)?\/operat/.test(words)) return `operate ${resource}`;
  const action = words.startsWith('Read') ? 'read' : 'write';
  return `${action} ${resource ?? (words.includes('inherited') ? 'inherited' : 'affected')}`;
}

/** Ours beyond NiFi wherever code could be changed: the right to execute it. */
const OURS = 'write code';

/** Where the answer is filtered, nobody is refused; NiFi's file names the right all the same. */
const asNamed = (says: string): string => says.replace(/^filtered /, '');

const [file] = process.argv.slice(2);
const specification = wanted(JSON.parse(readFileSync(file!, 'utf8')) as Specification);
let [same, explained, wrong] = [0, 0, 0];
for (const [operation, theirs] of specification) {
  if (ABSENT.test(operation)) continue;
  const [method, path] = operation.split(' ') as [string, string];
  const known = operationOf(method, path);
  if (known === undefined) {
    wrong++;
    console.log(`${operation}: is not in our table`);
    continue;
  }
  const ours = new Set(OPERATIONS[known]!.map(({ says }) => asNamed(says)));
  const [more, less] = [[...ours].filter((each) => !theirs.has(each) && each !== OURS), [...theirs].filter((each) => !ours.has(each))];
  if (more.length + less.length === 0) {
    same++;
    continue;
  }
  const exception = EXCEPTIONS.find(([pattern, mine, others]) => pattern.test(known) && more.every((each) => mine.includes(each)) && less.every((each) => others.includes(each)));
  if (exception) explained++;
  else {
    wrong++;
    console.log(`${known}: only we want [${more.join(', ')}], only NiFi [${less.join(', ')}]`);
  }
}
console.log(`authorization: ${same} as NiFi's, ${explained} explained, ${wrong} differ`);
process.exitCode = wrong === 0 ? 0 : 1;
