/** What the thread for XML is asked for; `document` is the text of a document. */
export type XmlJob =
  | { readonly kind: 'xpath'; readonly document: string; readonly expressions: Readonly<Record<string, string>>; readonly result: 'nodeset' | 'string' }
  | { readonly kind: 'xquery'; readonly document: string; readonly expressions: Readonly<Record<string, string>>; readonly output: XmlOutput }
  | {
      readonly kind: 'xslt';
      readonly document: string;
      readonly stylesheet: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly indent: boolean;
      readonly mayRead: boolean;
    }
  | { readonly kind: 'xsd'; readonly document: Uint8Array; readonly schema: string }
  /** Whether expressions can be compiled. */
  | { readonly kind: 'check'; readonly language: 'xpath' | 'xquery'; readonly expressions: Readonly<Record<string, string>> };

export interface XmlOutput {
  readonly method: 'xml' | 'html' | 'text';
  readonly indent: boolean;
  readonly omitDeclaration: boolean;
}

/** By name of the expression: its results, as texts. */
export type Results = Readonly<Record<string, readonly string[]>>;

export interface XmlAnswers {
  readonly xpath: Results;
  readonly xquery: Results;
  readonly xslt: string;
  /** What is wrong with the document; empty where it is valid. */
  readonly xsd: string;
  readonly check: undefined;
}

export type XmlAnswer = { readonly value: XmlAnswers[keyof XmlAnswers] } | { readonly error: string };
