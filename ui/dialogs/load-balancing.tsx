import type { ConnectionEntity } from '../api/shapes.ts';
import type { Edit } from '../shared/edit/use-edit.ts';
import { Field, TextField } from '../shared/field.tsx';
import { type Choice, Select } from '../shared/select.tsx';

const STRATEGIES: readonly Choice<string>[] = [
  { value: 'DO_NOT_LOAD_BALANCE', label: 'Do not load balance', note: 'FlowFiles stay on the node they are on' },
  { value: 'PARTITION_BY_ATTRIBUTE', label: 'Partition by attribute', note: 'Those with the same value of an attribute go to the same node' },
  { value: 'ROUND_ROBIN', label: 'Round robin', note: 'To each node in turn' },
  { value: 'SINGLE_NODE', label: 'Single node', note: 'All to one node' },
];
const COMPRESSIONS: readonly Choice<string>[] = [
  { value: 'DO_NOT_COMPRESS', label: 'Do not compress' },
  { value: 'COMPRESS_ATTRIBUTES_ONLY', label: 'Compress attributes only' },
  { value: 'COMPRESS_ATTRIBUTES_AND_CONTENT', label: 'Compress attributes and content' },
];
const ATTRIBUTE = 'loadBalancePartitionAttribute';

/** What partitioning lacks; undefined where nothing. */
export function loadBalancingProblem({ loadBalanceStrategy, [ATTRIBUTE]: attribute }: Readonly<Record<string, unknown>>): string | undefined {
  return loadBalanceStrategy === 'PARTITION_BY_ATTRIBUTE' && String(attribute).trim() === '' ? 'Name the attribute by which to partition' : undefined;
}

/** How the nodes of a cluster share what is queued. Kept for flows that go to a cluster. */
export function LoadBalancing({ edit }: { readonly edit: Edit<ConnectionEntity> }) {
  const strategy = edit.value<string>('loadBalanceStrategy');
  return (
    <>
      <h3>Load balancing</h3>
      <p className="wide field-note">It has no effect here: this server is one node. It is kept, and goes with the flow definition to a cluster.</p>
      <Field label="Load balance strategy">{({ id }) => <Select id={id} value={strategy} choices={STRATEGIES} onChange={(next) => edit.set('loadBalanceStrategy', next)} />}</Field>
      {strategy === 'PARTITION_BY_ATTRIBUTE' && (
        <TextField label="Attribute name" value={edit.value<string>(ATTRIBUTE)} error={loadBalancingProblem(edit.fields)} onChange={(next) => edit.set(ATTRIBUTE, next)} />
      )}
      {strategy !== 'DO_NOT_LOAD_BALANCE' && (
        <Field label="Load balance compression">
          {({ id }) => <Select id={id} value={edit.value<string>('loadBalanceCompression')} choices={COMPRESSIONS} onChange={(next) => edit.set('loadBalanceCompression', next)} />}
        </Field>
      )}
    </>
  );
}
