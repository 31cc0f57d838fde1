type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

function control(type: number, size: number): Buffer {
  const tail = size < 29 ? [] : size < 285 ? [size - 29] : [(size - 285) >> 8, (size - 285) & 0xff];
  const short = size < 29 ? size : size < 285 ? 29 : 30;
  return Buffer.from(type < 8 ? [(type << 5) | short, ...tail] : [short, type - 7, ...tail]);
}

function encoded(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'boolean') return control(14, Number(value));
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
    if (Number.isInteger(value)) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encoded)]);
  const entries = Object.entries(value as Record<string, Value>);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([name, one]) => [encoded(name), encoded(one)])]);
}

type Node = [Node | number | undefined, Node | number | undefined];

/** A database in MaxMind's format 2.0 for IPv4 networks such as `1.2.3.0/24`. */
export function mmdbFile(type: string, networks: Readonly<Record<string, Value>>): Buffer {
  const root: Node = [undefined, undefined];
  const nodes: Node[] = [root];
  const data: Buffer[] = [];
  let length = 0;
  for (const [network, value] of Object.entries(networks)) {
    const [address = '', bits = '32'] = network.split('/');
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    let node = root;
    for (let bit = 0; bit < Number(bits); bit++) {
      const side = Math.floor(number / 2 ** (31 - bit)) % 2;
      if (bit === Number(bits) - 1) node[side] = length;
      else {
        if (!Array.isArray(node[side])) nodes.push((node[side] = [undefined, undefined]));
        node = node[side] as Node;
      }
    }
    data.push(encoded(value));
    length += data.at(-1)!.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  const record = (side: Node[number]): number => (side === undefined ? nodes.length : Array.isArray(side) ? nodes.indexOf(side) : nodes.length + 16 + side);
  nodes.forEach(([left, right], index) => {
    tree.writeUIntBE(record(left), index * 6, 3);
    tree.writeUIntBE(record(right), index * 6 + 3, 3);
  });
  const metadata = {
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: type,
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
    description: { en: 'a test' },
  };
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com'), encoded(metadata)]);
}
