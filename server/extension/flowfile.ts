/** What a processor sees of a FlowFile: one immutable version of it. */
export interface FlowFile {
  /** Number inside this data directory; never shown outside. */
  readonly id: number;
  /** The `uuid` attribute. */
  readonly uuid: string;
  /** Length of the content in bytes. */
  readonly size: number;
  /** When the FlowFile entered the flow, milliseconds since 1970. */
  readonly entryDate: number;
  /** When its oldest ancestor entered the flow, milliseconds since 1970. */
  readonly lineageStartDate: number;
  /** An attribute's value; `undefined` where it is not set. The core attributes `uuid`, `filename` and `path` are always set. */
  getAttribute(name: string): string | undefined;
  /** All attributes, the core ones first. */
  readonly attributes: ReadonlyMap<string, string>;
}
