import { type FormEvent, useEffect, useState } from 'react';
import type { ProvenanceSearch } from '../api/provenance.ts';
import { Button } from '../shared/button.tsx';
import { TextField } from '../shared/field.tsx';
import type { ProvenanceFields } from '../shared/views.ts';

type Wanted = Omit<ProvenanceFields, 'event' | 'lineageOf'>;

/** What NiFi calls the terms. */
const TERMS = {
  componentId: 'ProcessorID',
  flowFileUuid: 'FlowFileUUID',
  filename: 'Filename',
  eventType: 'EventType',
  relationship: 'Relationship',
  transitUri: 'TransitURI',
} as const satisfies Partial<Record<keyof Wanted, string>>;
const FIELDS: Readonly<Record<keyof Wanted, { readonly label: string; readonly hint?: string }>> = {
  componentId: { label: 'Component id' },
  flowFileUuid: { label: 'FlowFile UUID' },
  filename: { label: 'File name' },
  eventType: { label: 'Event type', hint: 'RECEIVE' },
  relationship: { label: 'Relationship' },
  transitUri: { label: 'Transit URI' },
  startDate: { label: 'From', hint: 'MM/DD/YYYY HH:MM:SS' },
  endDate: { label: 'Until', hint: 'MM/DD/YYYY HH:MM:SS' },
  minimumFileSize: { label: 'Smallest size', hint: '1 KB' },
  maximumFileSize: { label: 'Largest size', hint: '1 GB' },
};
const KEYS = Object.keys(FIELDS) as (keyof Wanted)[];
const isTerm = (key: keyof Wanted): key is keyof typeof TERMS => key in TERMS;

/** As the API asks. */
export function searchOf(fields: Wanted): ProvenanceSearch {
  const said = KEYS.filter((key) => (fields[key] ?? '').trim() !== '');
  const limits = Object.fromEntries(said.filter((key) => !isTerm(key)).map((key) => [key, fields[key]!]));
  return { ...limits, terms: Object.fromEntries(said.filter(isTerm).map((key) => [TERMS[key], fields[key]!])) };
}

interface SearchFormProps {
  readonly fields: Wanted;
  readonly onSearch: (fields: Readonly<Record<keyof Wanted, string | undefined>>) => void;
}

/** What events are searched for. */
export function SearchForm({ fields, onSearch }: SearchFormProps) {
  const [typed, setTyped] = useState(fields);
  // Back and forward bring another search.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same words are the same search.
  useEffect(() => setTyped(fields), [JSON.stringify(fields)]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSearch(Object.fromEntries(KEYS.map((key) => [key, typed[key]?.trim() || undefined])) as Record<keyof Wanted, string | undefined>);
  };
  return (
    <form className="provenance-search" onSubmit={submit} aria-label="Search events">
      {KEYS.map((key) => (
        <div key={key} data-wide={key === 'startDate' || key === 'endDate' || undefined}>
          <TextField label={FIELDS[key].label} placeholder={FIELDS[key].hint} value={typed[key] ?? ''} onChange={(value) => setTyped({ ...typed, [key]: value })} />
        </div>
      ))}
      <Button tone="primary" type="submit">
        Search
      </Button>
    </form>
  );
}
