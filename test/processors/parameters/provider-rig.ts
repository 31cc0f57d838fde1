import { type Json, RestRig, revision, until } from '../../rest/rest-rig.ts';

/** A parameter provider on a real server, with a controller service at the level of the controller. */
export class ProviderRig {
  readonly rest: RestRig;

  constructor(rest: RestRig) {
    this.rest = rest;
  }

  static with(use: (rig: ProviderRig) => Promise<void>): Promise<void> {
    return RestRig.with((rest) => use(new ProviderRig(rest)));
  }

  /** Makes a service and enables it. */
  async service(type: string, properties: object): Promise<Json> {
    const made = await this.rest.ok('POST', '/controller/controller-services', { revision: revision(0), component: { type, properties } });
    await this.rest.ok('PUT', `/controller-services/${made.id}/run-status`, { revision: made.revision, state: 'ENABLED' });
    await until(async () => (await this.rest.get(`/controller-services/${made.id}`)).component.state === 'ENABLED');
    return made;
  }

  provider(type: string, properties: object, name = 'secrets'): Promise<Json> {
    return this.rest.ok('POST', '/controller/parameter-providers', { revision: revision(0), component: { type, name, properties } });
  }

  /** Fetched names by group, or what the server says of why there are none. */
  async fetch({ id }: Json): Promise<Record<string, string[]> | string> {
    const known = await this.rest.get(`/parameter-providers/${id}`);
    const { status, json, text } = await this.rest.send('POST', `/parameter-providers/${id}/parameters/fetch-requests`, { id, revision: known.revision });
    if (status !== 200) return text;
    const groups = json.component.parameterGroupConfigurations as { groupName: string; parameterSensitivities: object }[];
    return Object.fromEntries(groups.map(({ groupName, parameterSensitivities }) => [groupName, Object.keys(parameterSensitivities)]));
  }

  /** The value that was fetched: it never leaves the server, so the test looks into it. */
  value({ id }: Json, group: string, name: string): string | undefined {
    return this.rest.flow.controllerLevel('PARAMETER_PROVIDER', id).fetched.get(group)?.get(name)?.value;
  }

  /** The steps of "Test connection", but for that of validation. */
  async verify(path: string, { id }: Json): Promise<[name: string, outcome: string, explanation: string][]> {
    const at = `/${path}/${id}/config/verification-requests`;
    const { request } = await this.rest.ok('POST', at, { request: { componentId: id, properties: {} } });
    await until(async () => (await this.rest.get(`${at}/${request.requestId}`)).request.complete);
    const { results } = (await this.rest.get(`${at}/${request.requestId}`)).request;
    return results.slice(1).map((step: Json) => [step.verificationStepName, step.outcome, step.explanation]);
  }
}
