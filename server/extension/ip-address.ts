import { BlockList, isIP } from 'node:net';

/** IPv4 addresses that are not on the public internet (IANA's registry of special-purpose addresses), and the one at which Azure's machines have their platform. */
const SPECIAL_IPV4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32';
/** The same for IPv6; Teredo (2001::/32) and local translation (64:ff9b:1::/48) hide an IPv4 address from us. */
const SPECIAL_IPV6 = '::/127 64:ff9b:1::/48 100::/64 2001::/32 2001:db8::/32 fc00::/7 fe80::/10 fec0::/10 ff00::/8';

const special = new BlockList();
for (const range of `${SPECIAL_IPV4} ${SPECIAL_IPV6}`.split(' ')) addRange(special, range);

/** Adds an address, or a range such as `10.0.0.0/8`. Throws a RangeError where it is neither. */
export function addRange(list: BlockList, text: string): void {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (family === 0 || !/^\d*$/.test(prefix ?? '') || prefix === '' || length > bits) throw new RangeError(`${text} is no address, and no range of addresses`);
  list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a list has an address. */
export function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The addresses that one stands for, without a zone: itself, and the IPv4 address that an IPv6 address carries (mapped and compatible: RFC 4291;
 * translated: RFC 6052; 6to4: RFC 3056). A mapped address is the IPv4 address.
 */
export function meaningsOf(text: string): string[] {
  const address = text.split('%')[0]!;
  if (isIP(address) !== 6) return [address];
  const groups = groupsOf(address);
  const [first, second] = groups;
  const startsWith = (...begin: number[]): boolean => begin.every((group, index) => groups[index] === group);
  const last = ipv4(groups[6]!, groups[7]!);
  if (startsWith(0, 0, 0, 0, 0, 0xffff)) return [last];
  if (startsWith(0, 0, 0, 0, 0, 0) && groups[6] !== 0) return [address, last];
  if (first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) return [address, last];
  return first === 0x2002 ? [address, ipv4(second!, groups[2]!)] : [address];
}

/** Whether an address is on the public internet. */
export function isPublic(address: string): boolean {
  return meaningsOf(address).every((meaning) => !contains(special, meaning));
}

const ipv4 = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** The eight groups of an IPv6 address, which may end in the form of IPv4. */
function groupsOf(address: string): number[] {
  const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = hexadecimal.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const [before, after] = [head as string[], tail ?? []];
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after].map((group) => Number.parseInt(group, 16));
}
