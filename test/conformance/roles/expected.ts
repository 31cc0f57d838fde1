/** Who is asked for: someone without rights, and a member of each of the four ready roles; each may do what the one before may. */
export const RANKS = ['nobody', 'viewers', 'operators', 'editors', 'administrators'] as const;

/** The first rank that may; `submitter`: only who has made the request, whatever their role. */
export type Least = (typeof RANKS)[number] | 'submitter';

/**
 * What each role is said to allow (server/security/roles.ts), by operation, written by hand: nothing here is read from the table that
 * decides. A line is `METHOD prefix: rest rest ...`; `.` is the prefix itself, `{}` any one parameter, `{kind}` a word of KINDS.
 */
const EXPECTED: Readonly<Record<Least, string>> = {
  nobody: `
    GET /flow: /current-user /parameter-contexts
    GET /access: /logout/complete
    POST /access: /token
    DELETE /access: /logout
    GET /authentication: /configuration
    GET /api: /openapi.json`,
  viewers: `
    GET /flow: /about /additional-details/{}/{}/{}/{} /banners /bulletin-board /client-id /cluster/search-results /cluster/summary /config
    GET /flow: /connections/{}/statistics /connections/{}/status /connections/{}/status/history /content-viewers /controller/bulletins
    GET /flow: /controller/controller-services /flow-analysis/results /flow-analysis/results/{} /history /history/components/{} /history/{}
    GET /flow: /input-ports/{}/status /output-ports/{}/status /listen-ports /metrics/{} /parameter-providers /prioritizers
    GET /flow: /process-groups/{} /process-groups/{}/breadcrumbs /process-groups/{}/controller-services /process-groups/{}/status
    GET /flow: /process-groups/{}/status/history /processors/{}/status /processors/{}/status/history /registries /registries/{}/branches
    GET /flow: /registries/{}/buckets /registries/{}/buckets/{}/flows /registries/{}/buckets/{}/flows/{}/details /registries/{}/buckets/{}/flows/{}/versions
    GET /flow: /registries/{}/branches/{}/buckets/{}/flows/{}/{}/diff/branches/{}/buckets/{}/flows/{}/{} /reporting-tasks /runtime-manifest
    GET /flow: /search-results /status /{kind}-definition/{}/{}/{}/{} /flow-registry-client-definition/{}/{}/{}/{} /{kind}-types
    GET /controller: /flow-analysis-rules
    GET /process-groups: /{} /{}/download /{}/local-modifications /{}/{placed} /{}/process-groups /{}/remote-process-groups
    POST /process-groups: /{}/copy
    GET /{placed}: /{}
    GET /processors: /{}/descriptors /{}/diagnostics
    GET /controller-services: /{} /{}/descriptors /{}/references
    POST /processors: /run-status-details/queries /{}/config/analysis
    POST /controller-services: /{}/config/analysis
    POST /snippets: .
    GET /versions: /process-groups/{} /process-groups/{}/download
    GET /parameter-contexts: /{} /{}/assets /{}/assets/{}
    GET /counters: .
    GET /system-diagnostics: . /jmx-metrics
    GET /api: /connectors /connectors/{} /connectors/{}/sync /process-groups/{}/sparklines /expression-functions /schedules/cron /syncs /syncs/{} /syncs/{}/test /syncs/{}/runs /syncs/{}/runs/{}
    GET /api: /sftp/endpoints /sftp/endpoints/{}/users /sftp/endpoints/{}/imports
    POST /api: /components/{}/validation`,
  operators: `
    PUT /flow: /process-groups/{} /process-groups/{}/controller-services
    PUT /{runnable}: /{}/run-status
    DELETE /processors: /{}/threads
    PUT /controller-services: /{}/references
    POST /flowfile-queues: /{}/drop-requests /{}/listing-requests
    GET /flowfile-queues: /{}/flowfiles/{} /{}/flowfiles/{}/content
    POST /process-groups: /{}/empty-all-connections-requests
    PUT /counters: . /{}
    GET /provenance: /search-options
    POST /provenance: . /lineage
    GET /provenance-events: /{} /{}/content/input /{}/content/output /latest/{}
    POST /provenance-events: /replays /latest/replays
    GET /api: /connections/{}/peek /syncs/{}/runs/{}/rejected-rows /syncs/{}/runs/{}/rejected-rows/csv
    POST /api: /syncs/{}/test /syncs/{}/activate /syncs/{}/pause /syncs/{}/resume /syncs/{}/retry /syncs/{}/run`,
  editors: `
    POST /process-groups: /{}/{child} /{}/snippet-instance /{}/process-groups/import /{}/process-groups/upload /{}/replace-requests
    PUT /process-groups: /{} /{}/paste /{}/flow-contents
    DELETE /process-groups: /{}
    POST /flow: /process-groups/{}/bulletins/clear-requests
    PUT /{placed}: /{}
    DELETE /{placed}: /{}
    PUT /controller-services: /{}
    DELETE /controller-services: /{}
    POST /{runnable}: /{}/bulletins/clear-requests
    GET /{stateful}: /{}/state
    POST /{stateful}: /{}/state/clear-requests /{}/config/verification-requests
    PUT /snippets: /{}
    DELETE /snippets: /{}
    POST /versions: /active-requests /process-groups/{} /update-requests/process-groups/{} /revert-requests/process-groups/{}
    PUT /versions: /process-groups/{}
    DELETE /versions: /process-groups/{}
    POST /parameter-contexts: . /{}/assets /{}/update-requests /{}/validation-requests
    PUT /parameter-contexts: /{}
    DELETE /parameter-contexts: /{} /{}/assets/{}
    GET /flow: /reporting-tasks/snapshot /reporting-tasks/download
    GET /controller: /config /status/history /cluster /cluster/nodes/{} /nar-manager/nars /registry-types /registry-clients
    GET /{outside}: /{} /{}/descriptors
    POST /{outside}: /{}/config/analysis
    GET /parameter-providers: /{}/references
    GET /resources: .
    GET /api: /components/{}/state/history
    PUT /api: /components/{}/state
    POST /api: /controller-services/{}/key-pair /restorations /syncs /sftp/endpoints/{}/users /sftp/endpoints/{}/imports/{}/repetitions
    GET /api: /sftp/endpoints/{}/imports/{}/rejected-rows
    PUT /api: /syncs/{} /sftp/endpoints/{}/users/{}
    DELETE /api: /syncs/{} /sftp/endpoints/{}/users/{}`,
  administrators: `
    PUT /controller: /config /cluster/nodes/{}
    DELETE /controller: /history /cluster/nodes/{}
    POST /controller: /bulletin /controller-services /reporting-tasks /reporting-tasks/import /parameter-providers /flow-analysis-rules
    POST /controller: /registry-clients /parameter-providers/{}/bulletins/clear-requests
    PUT /{outside}: /{}
    PUT /{scheduled}: /{}/run-status
    DELETE /{outside}: /{}
    GET /{remembering}: /{}/state
    POST /{remembering}: /{}/state/clear-requests
    POST /{outside}: /{}/bulletins/clear-requests /{}/config/verification-requests
    POST /parameter-providers: /{}/parameters/fetch-requests /{}/apply-parameters-requests
    GET /tenants: /users /users/{} /user-groups /user-groups/{} /search-results
    POST /tenants: /users /user-groups
    PUT /tenants: /users/{} /user-groups/{}
    DELETE /tenants: /users/{} /user-groups/{}
    GET /policies: /{} /{}/{}
    POST /policies: .
    PUT /policies: /{}
    DELETE /policies: /{}
    GET /api: /audit`,
  submitter: `
    GET /{configured}: /{}/config/verification-requests/{}
    DELETE /{configured}: /{}/config/verification-requests/{}
    GET /parameter-providers: /{}/apply-parameters-requests/{}
    DELETE /parameter-providers: /{}/apply-parameters-requests/{}
    GET /parameter-contexts: /{}/update-requests/{} /{}/validation-requests/{}
    DELETE /parameter-contexts: /{}/update-requests/{} /{}/validation-requests/{}
    GET /process-groups: /replace-requests/{} /{}/empty-all-connections-requests/{}
    DELETE /process-groups: /replace-requests/{} /{}/empty-all-connections-requests/{}
    GET /versions: /update-requests/{} /revert-requests/{}
    DELETE /versions: /update-requests/{} /revert-requests/{} /active-requests/{}
    PUT /versions: /active-requests/{}
    GET /flowfile-queues: /{}/drop-requests/{} /{}/listing-requests/{}
    DELETE /flowfile-queues: /{}/drop-requests/{} /{}/listing-requests/{}
    GET /provenance: /{} /lineage/{}
    DELETE /provenance: /{} /lineage/{}`,
};

const OUTSIDE = 'reporting-tasks|parameter-providers|controller/flow-analysis-rules|controller/registry-clients';

/** Words that stand for several. */
const KINDS: Readonly<Record<string, string>> = {
  '{kind}': 'processor|controller-service|reporting-task|parameter-provider|flow-analysis-rule',
  '{child}': 'processors|controller-services|process-groups|input-ports|output-ports|funnels|labels|connections',
  '{placed}': 'processors|input-ports|output-ports|funnels|labels|connections',
  '{runnable}': 'processors|input-ports|output-ports|controller-services',
  '{stateful}': 'processors|controller-services',
  '{outside}': OUTSIDE,
  '{scheduled}': 'reporting-tasks|controller/flow-analysis-rules',
  '{remembering}': 'reporting-tasks|parameter-providers|controller/flow-analysis-rules',
  '{configured}': `processors|controller-services|${OUTSIDE}`,
};

/** `GET /processors/{}` for `GET /processors/{id}`. */
export const shapeOf = (operation: string): string => operation.replaceAll(/\{[^}]*\}/g, '{}');

function spread(path: string): string[] {
  const word = Object.keys(KINDS).find((each) => path.includes(each));
  return word ? KINDS[word]!.split('|').flatMap((each) => spread(path.replace(word, each))) : [path];
}

/** Who may, by the shape of the operation. Throws where two lines are about the same. */
export function expectations(): Map<string, Least> {
  const found = new Map<string, Least>();
  for (const [least, lines] of Object.entries(EXPECTED) as [Least, string][]) {
    for (const operation of lines.trim().split('\n').flatMap(operationsOf)) {
      if (found.has(operation)) throw new Error(`${operation} is expected twice.`);
      found.set(operation, least);
    }
  }
  return found;
}

function operationsOf(line: string): string[] {
  const [, method, prefix, rest] = /^\s*(\S+) (\S+): (.*)$/.exec(line)!;
  return rest!.split(' ').flatMap((each) => spread(`${method} ${prefix}${each === '.' ? '' : each}`));
}
