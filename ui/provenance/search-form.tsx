import { type FormEvent, useState } from 'react';
import type { ProvenanceSearch } from '../api/provenance.ts';
import { Button } from '../shared/button.tsx';
import { TextField } from '../shared/field.tsx';

interface SearchFormProps {
  readonly search: ProvenanceSearch;
  readonly onSearch: (search: ProvenanceSearch) => void;
}

const TERMS: Readonly<Record<string, string>> = {
  ProcessorID: 'Component id',
  FlowFileUUID: 'FlowFile UUID',
  Filename: 'File name',
  EventType: 'Event type',
  Relationship: 'Relationship',
  TransitURI: 'Transit URI',
};
const LIMITS = { startDate: 'From', endDate: 'Until', minimumFileSize: 'Smallest size', maximumFileSize: 'Largest size' } as const;
const HINTS: Readonly<Record<string, string>> = {
  startDate: 'MM/DD/YYYY HH:MM:SS',
  endDate: 'MM/DD/YYYY HH:MM:SS',
  minimumFileSize: '1 KB',
  maximumFileSize: '1 GB',
  EventType: 'RECEIVE',
};

/** What events are searched for. */
export function SearchForm({ search, onSearch }: SearchFormProps) {
  const [terms, setTerms] = useState(search.terms);
  const [limits, setLimits] = useState<Readonly<Record<string, string>>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSearch({ terms, ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value.trim() !== '')) });
  };
  return (
    <form className="provenance-search" onSubmit={submit} aria-label="Search events">
      {Object.entries(TERMS).map(([key, label]) => (
        <TextField key={key} label={label} placeholder={HINTS[key]} value={terms[key] ?? ''} onChange={(value) => setTerms({ ...terms, [key]: value })} />
      ))}
      {Object.entries(LIMITS).map(([key, label]) => (
        <TextField key={key} label={label} placeholder={HINTS[key]} value={limits[key] ?? ''} onChange={(value) => setLimits({ ...limits, [key]: value })} />
      ))}
      <Button tone="primary" type="submit">
        Search
      </Button>
    </form>
  );
}
