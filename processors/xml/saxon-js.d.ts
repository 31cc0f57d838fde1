/** What of SaxonJS is used here; the library brings no declarations. */
declare module 'saxon-js' {
  interface Node {
    readonly nodeType: number;
    readonly nodeValue: string | null;
  }
  interface Options {
    readonly params?: Readonly<Record<string, unknown>>;
    readonly namespaceContext?: Readonly<Record<string, string>>;
    /** `array` gives every result as an array. */
    readonly resultForm?: 'array';
  }
  const SaxonJS: {
    readonly XPath: { evaluate(expression: string, context: Node | null, options?: Options): unknown };
    getPlatform(): Record<string, unknown> & { parseXmlFromString(text: string): Node };
    serialize(value: unknown, options: Readonly<Record<string, unknown>>): string;
  };
  export default SaxonJS;
}
