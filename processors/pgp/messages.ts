import { Readable } from 'node:stream';
import type { AnyPacket, Message, PacketList, PartialConfig } from 'openpgp';
import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';

/** A stream as openpgp takes and gives it. */
export type Bytes = import('openpgp').WebStream<Uint8Array<ArrayBufferLike>>;
export type StreamedMessage = Message<Bytes>;

export const FILE_ENCODING = choices('ASCII', 'BINARY');
/** How what is written is encoded; `purpose` such as "encrypted". */
export const fileEncoding = (purpose: string) =>
  property.choice('File Encoding', `How what is ${purpose} is written: in bytes, or as text in ASCII armor`, FILE_ENCODING, { default: 'BINARY' });

/** The library, loaded when it is first needed. */
export const pgp = (): Promise<typeof import('openpgp')> => import('openpgp');

/**
 * Content goes out as it is decrypted, and is taken back where the check at its end fails: the FlowFile then goes to failure with
 * the content that it came with. NiFi encrypts to whatever key was found, signing keys among them.
 */
export const READING: PartialConfig = { allowUnauthenticatedStream: true, allowInsecureDecryptionWithSigningKeys: true };

/** Every packet of OpenPGP begins with a byte whose highest bit is set, and no letter does. */
export const isArmored = (beginning: Uint8Array): boolean => beginning.length > 0 && beginning[0]! < 0x80;

export const streamed = (content: AsyncIterable<Uint8Array>): Bytes => Readable.toWeb(Readable.from(content)) as unknown as Bytes;
export const pieces = (stream: unknown): AsyncIterable<Uint8Array> => stream as AsyncIterable<Uint8Array>;

/** The first piece of a stream, and the whole. */
export async function peeked(content: AsyncIterable<Uint8Array>): Promise<{ beginning: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const iterator = content[Symbol.asyncIterator]();
  const first = await iterator.next();
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { beginning: first.done ? new Uint8Array() : first.value, whole: whole() };
}

async function* asText(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const piece of content) yield Buffer.from(piece).toString('latin1');
}

/** A message, binary or in ASCII armor; its content comes as it is read. Throws an Error where it is none. */
export async function readMessage(content: AsyncIterable<Uint8Array>): Promise<StreamedMessage> {
  const { readMessage: read } = await pgp();
  const { beginning, whole } = await peeked(content);
  if (beginning.length === 0) throw new Error('it is empty, and so no OpenPGP message');
  if (!isArmored(beginning)) return read({ binaryMessage: streamed(whole), config: READING });
  const text = Readable.toWeb(Readable.from(asText(whole))) as unknown as import('openpgp').WebStream<string>;
  return (await read({ armoredMessage: text, config: READING })) as unknown as StreamedMessage;
}

/** Content as a message of one literal packet. */
export async function literalMessage(content: AsyncIterable<Uint8Array>, filename: string): Promise<StreamedMessage> {
  const { createMessage } = await pgp();
  return createMessage({ binary: streamed(content), filename, format: 'binary' });
}

/** What the library's declarations keep to themselves. */
interface Literal {
  readonly date: Date;
  getFilename(): string;
}

/** Name and time that a message keeps of its content, NiFi's attributes. */
export async function literalAttributes(message: StreamedMessage): Promise<Record<string, string>> {
  const { enums } = await pgp();
  const literal = message.unwrapCompressed().packets.findPacket(enums.packet.literalData) as unknown as Literal | undefined;
  if (!literal) throw new Error('it holds no content');
  return { 'pgp.literal.data.filename': literal.getFilename(), 'pgp.literal.data.modified': String(literal.date.getTime()) };
}

type Streaming = PacketList<AnyPacket> & { readonly stream?: AsyncIterable<AnyPacket> | null; write(): unknown };

/** The packets of a message as bytes, those too that follow on its content. */
export async function* packetBytes(message: StreamedMessage): AsyncGenerator<Uint8Array> {
  const { PacketList: List } = await pgp();
  const packets = message.packets as Streaming;
  const bytes = async function* (packet: AnyPacket): AsyncGenerator<Uint8Array> {
    const one = new List<AnyPacket>() as Streaming;
    one.push(packet);
    const written = one.write();
    if (written instanceof Uint8Array) yield written;
    else yield* pieces(written);
  };
  for (const packet of packets) yield* bytes(packet);
  if (packets.stream) for await (const packet of packets.stream) yield* bytes(packet);
}

/** Reads what follows on the content: there stands whether it was changed. Throws an Error where it was. */
export async function readToEnd(...messages: readonly StreamedMessage[]): Promise<void> {
  for (const { packets } of messages) for await (const _ of (packets as Streaming).stream ?? []);
}
