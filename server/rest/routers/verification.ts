import type { VerificationStep } from '../../extension/component.ts';
import type { ConfiguredComponent } from '../../engine/configured-component.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import { checkCanVerify, verifyComponent } from '../../engine/verification.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import type { Call } from '../call.ts';
import { requestDto } from '../dto/asynchronous-request.ts';
import { maskedTexts, propertyTexts } from '../dto/descriptor.ts';
import type { Routes } from '../routes.ts';
import { analysis, verification } from '../schemas.ts';
import { referencedAttributes } from '../referenced-attributes.ts';
import { withoutMasks } from './processor-body.ts';

interface Verification {
  readonly componentId: string;
  /** As answers tell them: masked where they are sensitive. */
  readonly properties: Record<string, string | null>;
  readonly attributes: Record<string, string>;
  results: readonly VerificationStep[];
}

/** POST .../{id}/config/analysis and .../{id}/config/verification-requests: "Test connection". */
export function addVerificationRoutes(routes: Routes, resource: string, find: (id: string) => ProcessorNode | ConfiguredComponent): void {
  const requests = new AsynchronousRequests<Verification>('verification request', routes.services.clock);
  const path = '/:id/config/verification-requests';
  const answer = (request: AsynchronousRequest<Verification>, call: Call) =>
    verificationEntity(request, `${call.base}/${resource}/${call.id}/config/verification-requests/${request.id}`, call);
  routes.post('/:id/config/analysis', (call) => {
    const node = find(call.id);
    const properties = { ...propertyTexts(node), ...call.body(analysis).configurationAnalysis.properties };
    return {
      configurationAnalysis: {
        componentId: node.id,
        properties: maskedTexts(properties, node.properties),
        referencedAttributes: referencedAttributes(Object.values(properties)),
        supportsVerification: node.definition?.verify !== undefined,
      },
    };
  });
  routes.post(path, (call) => {
    const { properties, attributes } = call.body(verification).request;
    const node = find(call.id);
    checkCanVerify(node);
    const texts = withoutMasks(properties ?? {}, node.properties);
    const value: Verification = { componentId: node.id, properties: maskedTexts(texts, node.properties), attributes: attributes ?? {}, results: [] };
    const request = requests.start(call.user, value, async () => {
      value.results = await verifyComponent(node, texts, value.attributes);
    });
    return answer(request, call);
  });
  routes.get(`${path}/:requestId`, (call) => answer(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete(`${path}/:requestId`, (call) => answer(requests.remove(call.parameter('requestId'), call.user), call));
}

function verificationEntity(request: AsynchronousRequest<Verification>, uri: string, { view }: Call) {
  const { componentId, properties, attributes, results } = request.value;
  const dtos = results.map(({ name, outcome, explanation, preview }) => ({ verificationStepName: name, outcome, explanation, preview }));
  const steps = [{ description: 'Verify Component Configuration', complete: request.finished, failureReason: request.failure }];
  return { request: { ...requestDto(request, uri, view), componentId, properties, attributes, results: request.finished ? dtos : undefined, updateSteps: steps } };
}
