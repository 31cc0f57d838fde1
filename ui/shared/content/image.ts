const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
  ['image/bmp', [0x42, 0x4d]],
];

/** The type of an image, by its first bytes; undefined for anything else. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const [type] = SIGNATURES.find(([, signature]) => bytes.length > signature.length && signature.every((byte, at) => bytes[at] === byte)) ?? [];
  const isWebp = String.fromCharCode(...bytes.subarray(8, 12)) === 'WEBP';
  return type === 'image/webp' && !isWebp ? undefined : type;
}

/** Bytes as a data URL. */
export function dataUrl(type: string, bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `data:${type};base64,${btoa(binary)}`;
}
