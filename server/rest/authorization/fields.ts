/** Every field of a value and of what is in it. Without recursion: who sends it decides how deep it goes. */
export function fieldsIn(value: unknown): [name: string, value: unknown][] {
  const fields: [string, unknown][] = [];
  const open = [value];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== 'object' || at === null || Buffer.isBuffer(at)) continue;
    for (const [name, inner] of Object.entries(at)) {
      fields.push([name, inner]);
      open.push(inner);
    }
  }
  return fields;
}
