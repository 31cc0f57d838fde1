import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type VerificationStep, verify } from '../../api/properties.ts';
import { Button } from '../button.tsx';
import { TextArea } from '../field.tsx';
import { Icon } from '../icon.tsx';
import type { IconName } from '../icons.ts';
import { EmptyState } from '../message.tsx';
import type { Values } from './model.ts';
import type { PropertyOwner } from './property-editing.ts';

interface VerificationProps {
  readonly owner: PropertyOwner;
  /** What is typed and perhaps not stored. */
  readonly properties: Values;
}

const OUTCOMES: Readonly<Record<VerificationStep['outcome'], { icon: IconName; label: string }>> = {
  SUCCESSFUL: { icon: 'check', label: 'Successful' },
  FAILED: { icon: 'error', label: 'Failed' },
  SKIPPED: { icon: 'minus', label: 'Skipped' },
};

/** `name=value` a line. */
export function attributesIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
    }),
  );
}

/** Tries the configuration as it is typed, against the real system. */
export function Verification({ owner, properties }: VerificationProps) {
  const [attributes, setAttributes] = useState('');
  const test = useMutation({ mutationFn: () => verify(owner.path, owner.id, properties, attributesIn(attributes)) });
  return (
    <div className="verification">
      <TextArea
        label="Attributes of a FlowFile to test with"
        hint="One a line, such as filename=customers.csv. Only where properties refer to attributes."
        rows={2}
        value={attributes}
        onChange={setAttributes}
      />
      <div>
        <Button tone="primary" icon="beaker" busy={test.isPending} onClick={() => test.mutate()}>
          Test connection
        </Button>
      </div>
      <div aria-live="polite">
        {test.error && (
          <p className="callout" data-tone="danger">
            {test.error.message}
          </p>
        )}
        {test.data ? <Steps steps={test.data} /> : !test.isPending && <Untested />}
      </div>
    </div>
  );
}

function Untested() {
  return (
    <EmptyState icon="beaker" title="Not tested yet">
      The test uses what you have typed, stored or not, and changes nothing.
    </EmptyState>
  );
}

function Steps({ steps }: { readonly steps: readonly VerificationStep[] }) {
  return (
    <ol className="verification">
      {steps.map(({ verificationStepName, outcome, explanation, preview }) => (
        <li key={verificationStepName} className="verification-step" data-outcome={outcome}>
          <Icon name={OUTCOMES[outcome].icon} label={OUTCOMES[outcome].label} />
          <div>
            <strong>{verificationStepName}</strong>
            <p>{explanation}</p>
          </div>
          {preview && preview.length > 0 && <Preview rows={preview} />}
        </li>
      ))}
    </ol>
  );
}

const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));

function Preview({ rows }: { readonly rows: readonly Readonly<Record<string, unknown>>[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse (WCAG 2.1.1).
    <section className="preview" aria-label="Preview" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a preview have no other name than their place.
            <tr key={index}>
              {columns.map((column) => (
                <td key={column} title={cell(row[column])}>
                  {cell(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
