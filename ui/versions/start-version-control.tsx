import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Named, useBuckets, useRegistries, useVersionCommands } from '../api/versions.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { EmptyState } from '../shared/message.tsx';
import { noticeDone } from '../shared/notices.ts';
import { Select } from '../shared/select.tsx';
import { openView } from '../shared/views.ts';

interface StartVersionControlProps {
  readonly groupId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** The bucket that is proposed for a registry without any. */
const FIRST_BUCKET = 'flows';

/** Stores a group as the first version of a flow. */
export function StartVersionControl({ groupId, name, onClose }: StartVersionControlProps) {
  const { data: registries } = useRegistries();
  const [registry, setRegistry] = useState<string>();
  const [bucket, setBucket] = useState<string>();
  const [flowName, setFlowName] = useState(name);
  const [comments, setComments] = useState('');
  const registryId = registry ?? registries?.[0]?.id;
  const { data: buckets, error: unreachable } = useBuckets(registryId);
  const bucketId = bucket ?? buckets?.[0]?.id ?? FIRST_BUCKET;
  const { save } = useVersionCommands(groupId);
  const start = useMutation({
    mutationFn: () => save({ registryId: registryId!, bucketId, flowName, comments }),
    onSuccess: () => noticeDone(`Stored ${flowName}`),
  });
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" type="submit" busy={start.isPending} disabled={!registryId || bucketId.trim() === '' || flowName.trim() === ''}>
        Start version control
      </Button>
    </>
  );
  if (registries?.length === 0) return <NoRegistry onClose={onClose} />;
  return (
    <Dialog title="Start version control" subtitle={name} size="large" onClose={onClose} actions={actions} onSubmit={() => start.mutate()}>
      <Place label="Registry" choices={registries} value={registryId} onChange={setRegistry} />
      <Bucket known={buckets} value={bucketId} onChange={setBucket} error={unreachable?.message} />
      <TextField label="Name of the flow" value={flowName} onChange={setFlowName} />
      <TextArea label="Comments" value={comments} onChange={setComments} />
      {start.error && (
        <p className="callout" data-tone="danger" role="alert">
          {start.error.message}
        </p>
      )}
    </Dialog>
  );
}

interface BucketProps {
  readonly known: readonly Named[] | undefined;
  readonly value: string;
  readonly error?: string;
  readonly onChange: (id: string) => void;
}

/** A bucket that is there, or the name of a new one. */
function Bucket({ known = [], value, error, onChange }: BucketProps) {
  return (
    <>
      <TextField label="Bucket" hint="One that is there, or the name of a new one" list="known-buckets" value={value} onChange={onChange} error={error} />
      <datalist id="known-buckets">
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

interface PlaceProps {
  readonly label: string;
  readonly choices: readonly Named[] | undefined;
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
}

function Place({ label, choices = [], value, onChange }: PlaceProps) {
  return (
    <Field label={label}>
      {({ id }) => <Select id={id} value={value} choices={choices.map((each) => ({ value: each.id, label: each.name }))} onChange={onChange} disabled={choices.length === 0} />}
    </Field>
  );
}

function NoRegistry({ onClose }: { readonly onClose: () => void }) {
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        onClick={() => {
          onClose();
          openView({ name: 'controller', tab: 'registry-clients' });
        }}
      >
        Make a registry client
      </Button>
    </>
  );
  return (
    <Dialog title="Start version control" onClose={onClose} actions={actions}>
      <EmptyState icon="branch" title="No registry yet">
        A registry client says in which repository versions are kept.
      </EmptyState>
    </Dialog>
  );
}
