/** NiFi's core attributes (CoreAttributes). */
export const CORE_ATTRIBUTES = ['path', 'absolute.path', 'filename', 'uuid', 'priority', 'mime.type', 'discard.reason', 'alternate.identifier'] as const;
