/** A kind of system at one end of a sync: `kind` names its logo, such as `snowflake`, `brevo`, `warehouse`, `sftp`. */
export interface SystemDescription {
  readonly kind: string;
  readonly label: string;
}

/**
 * Where the value of a field lives in the flow, so that wizard and canvas show the same thing. Processors and services are named as
 * on the canvas, those of inner groups with the groups before them: `Customers/Read customers`.
 */
export type FieldTarget = { readonly parameter: string } | { readonly processor: string; readonly property: string } | { readonly service: string; readonly property: string };

export type FieldKind = 'text' | 'multiline' | 'secret' | 'choice' | 'boolean' | 'number' | 'date' | 'sql';

export interface FieldDescription {
  /** Unique within the connector. */
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly kind: FieldKind;
  readonly target: FieldTarget;
  readonly required?: boolean;
  readonly placeholder?: string;
  /** Of a choice; those of the property where they are left out. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** Shown only while another field has one of these values. */
  readonly showIf?: { readonly field: string; readonly values: readonly string[] };
}

/** An account or database that the sync logs in to. Its parameters stand in a parameter context of their own, which other syncs may share. */
export interface ConnectionDescription {
  readonly id: string;
  readonly title: string;
  readonly side: 'source' | 'destination';
  readonly system: SystemDescription;
  /** The controller service that holds the connection, as on the canvas. */
  readonly service: string;
  readonly fields: readonly FieldDescription[];
  /** Statements to run, rights to give ...: Markdown. `{{publicKey}}` stands for the key that was generated. */
  readonly instructions?: string;
  /** Whether the service can generate a key pair (`POST /api/controller-services/{id}/key-pair`). */
  readonly keyPair?: boolean;
}

/** One kind of data that the sync moves: a source, what is between, and a destination. A sync has one or more, switched on and off apart. */
export interface StreamDescription {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** The inner group that holds it alone; left out where the stream is the whole group. */
  readonly group?: string;
  /** The processors without input that begin its runs. The first one's schedule is the sync's. */
  readonly sources: readonly string[];
  readonly destination: string;
  /** The query or table that is read. */
  readonly query?: FieldTarget;
  /** The property with the mapping, in the form that MapRecord takes. */
  readonly mapping?: { readonly processor: string; readonly property: string };
  /** Names of destination attributes that rows must have. */
  readonly required?: readonly string[];
}

export type StepKind = 'connections' | 'data' | 'query' | 'mapping' | 'schedule' | 'alerts' | 'review';

/** A page of the wizard. `connections`, `query`, `mapping`, `schedule` have more than fields: it follows from the other parts of the description. */
export interface StepDescription {
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly description?: string;
  readonly fields?: readonly FieldDescription[];
}

/** What "sync again" does. */
export interface RestartDescription {
  /** Processors whose state is cleared: sources, and destinations that remember what was sent. */
  readonly clears: readonly string[];
  /** Where the first run begins, as a date or a time: it is set for "from a date". Left out where that is not possible. */
  readonly from?: FieldTarget;
  /** Whether rows that are in the destination already are updated there; otherwise they would be there twice. */
  readonly merges: boolean;
  readonly note?: string;
}

/** flows/NAME.sync.json: what makes a product of the flow definition beside it. */
export interface ConnectorDescription {
  readonly title: string;
  readonly category: 'Reverse ETL' | 'Ingestion' | 'Files' | 'Warehouse';
  readonly summary: string;
  readonly source: SystemDescription;
  readonly destination: SystemDescription;
  /** Markdown. */
  readonly documentation: string;
  readonly connections: readonly ConnectionDescription[];
  readonly streams: readonly StreamDescription[];
  readonly steps: readonly StepDescription[];
  /** Where the schedule is: a cron expression or a duration, as the sources' scheduling strategy says. */
  readonly schedule: FieldTarget;
  readonly restart: RestartDescription;
  /** Where a dry run is switched on: `true`. */
  readonly dryRun?: FieldTarget;
}
