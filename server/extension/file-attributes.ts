/** `rwxr-x---` for a file's mode. */
export function permissionText(mode: number): string {
  return [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
}

/** `644` or `rw-r--r--` to a mode; undefined where it is neither. */
export function permissionMode(text: string): number | undefined {
  if (/^[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  if (!/^([r-][w-][x-]){3}$/.test(text)) return undefined;
  return Number.parseInt([...text].map((letter) => (letter === '-' ? '0' : '1')).join(''), 2);
}

/** A time as NiFi writes it in attributes of files: `2026-11-23T14:36:00+0000`. `millis` since 1970. */
export function timeText(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}+0000`;
}

/** Such a text, or ISO 8601, to milliseconds since 1970; NaN where it is no time. */
export function timeOf(text: string): number {
  return new Date(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')).getTime();
}
