/** Whether every word that is typed occurs in a text, whatever its case. */
export function everyWordIn(typed: string, text: string): boolean {
  const [words, whole] = [typed.toLowerCase().split(/\s+/).filter(Boolean), text.toLowerCase()];
  return words.every((word) => whole.includes(word));
}
