import { randomBytes } from 'node:crypto';
import type { FlowFileIds } from './flowfile-record.ts';

/** A new random first part for the UUIDs of a data directory: 20 hexadecimal digits, laid out as RFC 9562 version 8 wants. */
export function newUuidPrefix(): string {
  const hex = randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-`;
}

/**
 * UUIDs that carry the FlowFile's number in their last 48 bits, so that they need be neither stored nor indexed. The prefix
 * (74 random bits, one per data directory) keeps them unique between installations.
 */
export function flowFileIds(prefix: string): FlowFileIds {
  return {
    uuidOf: (id) => prefix + id.toString(16).padStart(12, '0'),
    idOf: (uuid) => (uuid.length === 36 && uuid.toLowerCase().startsWith(prefix) && /^[0-9a-f]{12}$/i.test(uuid.slice(24)) ? Number.parseInt(uuid.slice(24), 16) : undefined),
  };
}
