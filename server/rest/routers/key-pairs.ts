import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Router } from 'express';
import type { KeySlot } from '../../extension/service.ts';
import { ConflictError, NotFoundError } from '../../engine/errors.ts';
import type { RevisionBody } from '../call.ts';
import { controllerServiceEntity } from '../dto/controller-service.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, revision } from '../schemas.ts';
import type { RestServices } from '../services.ts';

const BITS = 2048;
const generate = promisify(generateKeyPair);
const body = bodyCheck<{ revision?: RevisionBody; slot: KeySlot }>(object({ revision, slot: { enum: ['first', 'second'] } }, ['slot']));

/**
 * The keys from before, the latest first: nobody knows here which of them the service logs in by, so that none is lost when
 * pairs are generated one after the other. What stands in a parameter cannot be joined with others.
 */
function keptKeys(latest: string | undefined, earlier: string | undefined): string | undefined {
  const isKey = (text: string | undefined): text is string => text?.includes('-----BEGIN') ?? false;
  return isKey(latest) && isKey(earlier) ? `${latest.trim()}\n${earlier.trim()}\n` : (latest ?? earlier);
}

/** /api/controller-services: keys for services that log in by them, which NiFi cannot generate. No answer holds a private key. */
export function keyPairRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.create('/:id/key-pair', async (call) => {
    const { revision: claimed, slot } = call.body(body);
    const service = flow.service(call.id);
    const declared = service.definition?.keyPair;
    if (!declared) throw new NotFoundError(`${service.label} has no key pair that could be generated.`);
    const texts = service.properties.texts;
    const elsewhere = declared.elsewhere.find((name) => texts.has(name));
    if (elsewhere) throw new ConflictError(`The private key of ${service.label} comes from ${elsewhere}. Clear that property first.`);
    const { publicKey, privateKey } = await generate('rsa', {
      modulusLength: BITS,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    flow.change(service, call.claim(claimed), () => {
      const previous = keptKeys(texts.get(declared.property), texts.get(declared.previous));
      service.configure({ properties: { [declared.property]: privateKey, ...(previous !== undefined && { [declared.previous]: previous }) } });
    });
    return {
      fingerprint: `SHA256:${createHash('sha256').update(publicKey).digest('base64')}`,
      instruction: declared.instruction(publicKey.toString('base64'), slot, texts),
      service: controllerServiceEntity(service, call.view),
    };
  });
  return routes.router;
}
