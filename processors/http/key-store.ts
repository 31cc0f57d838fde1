import { readFile } from 'node:fs/promises';
import type { asn1, pkcs12 } from 'node-forge';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';

/** What a PKCS12 file holds, as PEM; the certificate of the key first. */
export interface StoreContent {
  readonly key: string | undefined;
  readonly certificates: readonly string[];
}

type Forge = typeof import('node-forge');

/**
 * Reads a key or trust store. Node's tls reads PKCS12 too, but neither one without a key, which trust stores are, nor those with the old ciphers
 * of Java 8. Throws ProcessError.
 */
export async function readStore(file: string, password: string): Promise<StoreContent> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new ProcessError(`The store ${file} cannot be read: ${cause.message}`, { cause });
  });
  const { default: forge } = await import('node-forge');
  try {
    return contentOf(forge, forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString('latin1')), false, password));
  } catch (cause) {
    const reason = /MAC could not be verified|Invalid password/i.test(messageOf(cause)) ? 'its password is another one' : messageOf(cause);
    throw new ProcessError(`The store ${file} cannot be opened as PKCS12: ${reason}. ${bytes.subarray(0, 4).toString('hex') === 'feedfeed' ? 'It is a JKS store.' : ''}`.trim(), {
      cause,
    });
  }
}

function contentOf(forge: Forge, store: pkcs12.Pkcs12Pfx): StoreContent {
  const bags = store.safeContents.flatMap(({ safeBags }) => safeBags);
  const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids;
  const keyBags = bags.filter(({ type }) => type === keyBag || type === pkcs8ShroudedKeyBag);
  const certificates = bags.filter(({ type }) => type === certBag);
  if (keyBags.length > 1) throw new Error(`it holds ${keyBags.length} keys: one is needed`);
  const [keyed] = keyBags;
  const id = keyed && localKeyId(keyed);
  const own = certificates.filter((bag) => id !== undefined && localKeyId(bag) === id);
  const others = certificates.filter((bag) => !own.includes(bag));
  return { key: keyed && keyPem(forge, keyed), certificates: [...own, ...others].map((bag) => certificatePem(forge, bag)) };
}

const localKeyId = ({ attributes }: pkcs12.Bag): string | undefined => (attributes as { localKeyId?: string[] } | undefined)?.localKeyId?.[0];

function pem(forge: Forge, type: string, value: asn1.Asn1): string {
  return forge.pem.encode({ type, body: forge.asn1.toDer(value).getBytes() } as Parameters<Forge['pem']['encode']>[0]);
}

/** Keys and certificates that forge does not understand, those of elliptic curves, it hands on as they are. */
function keyPem(forge: Forge, { key, asn1: raw }: pkcs12.Bag): string {
  return pem(forge, 'PRIVATE KEY', key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : raw);
}

function certificatePem(forge: Forge, { cert, asn1: raw }: pkcs12.Bag): string {
  return pem(forge, 'CERTIFICATE', cert ? forge.pki.certificateToAsn1(cert) : raw);
}
