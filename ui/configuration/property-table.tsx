import { useState } from 'react';
import type { ProcessorConfig } from '../api/shapes.ts';
import { Icon } from '../shared/icon.tsx';
import { EmptyState } from '../shared/message.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { type PropertyRow, propertyRows } from './properties.ts';

/** What a processor is told, driven by the descriptors of its type. To be read only, so far. */
export function PropertyTable({ config: { descriptors, properties } }: { readonly config: Pick<ProcessorConfig, 'descriptors' | 'properties'> }) {
  const rows = propertyRows(descriptors, properties);
  if (rows.length === 0)
    return (
      <EmptyState icon="gear" title="No properties">
        This type has nothing to configure.
      </EmptyState>
    );
  return (
    <ul className="properties">
      {rows.map((row) => (
        <Property key={row.descriptor.name} row={row} />
      ))}
    </ul>
  );
}

function Property({ row }: { readonly row: PropertyRow }) {
  const [explained, setExplained] = useState(false);
  const { displayName, required, sensitive, dynamic, description } = row.descriptor;
  return (
    <li className="property">
      <div className="property-name">
        <span>{displayName}</span>
        {required && (
          <span className="required" title="Must be set">
            *
          </span>
        )}
        {sensitive && <Icon name="lock" size={12} label="Sensitive: never shown" />}
        {dynamic && <small>added</small>}
        {description && (
          <button type="button" className="explain" aria-expanded={explained} aria-label={`Explain ${displayName}`} title={description} onClick={() => setExplained(!explained)}>
            <Icon name="info" size={14} />
          </button>
        )}
      </div>
      {explained && <p className="property-description">{description}</p>}
      <PropertyValue row={row} />
    </li>
  );
}

function PropertyValue({ row: { descriptor, value, text, isDefault } }: { readonly row: PropertyRow }) {
  if (value === null || text === null)
    return (
      <p className="property-value" data-unset>
        No value set
      </p>
    );
  if (descriptor.sensitive)
    return (
      <p className="property-value" data-unset>
        Set, and never shown
      </p>
    );
  if (value === '')
    return (
      <p className="property-value" data-unset>
        Empty text
      </p>
    );
  if (text.includes('\n') || text.length > 120)
    return (
      <ScrollArea className="property-code" label={descriptor.displayName}>
        <pre>{text}</pre>
      </ScrollArea>
    );
  return (
    <p className="property-value" data-default={isDefault || undefined}>
      <Expression text={text} />
      {isDefault && <small>default</small>}
    </p>
  );
}

const REFERENCE = /([$#]\{[^}]*\})/;

/** Marks parameters and expressions within a value. */
function Expression({ text }: { readonly text: string }) {
  const parts = text.split(REFERENCE).map((part, index) => ({ key: `${index}:${part}`, part, marked: index % 2 === 1 }));
  return <span>{parts.map(({ key, part, marked }) => (marked ? <code key={key}>{part}</code> : part))}</span>;
}
