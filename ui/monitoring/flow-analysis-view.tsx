import { useViolations, type Violation } from '../api/flow-analysis.ts';
import { Button } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { openView, showOnCanvas } from '../shared/views.ts';
import './monitoring.css';

const POLICIES = { ENFORCE: 'Enforced', WARN: 'Warning' } as const;

function show({ groupId, subjectId, subjectComponentType }: Violation): void {
  showOnCanvas(subjectComponentType === 'PROCESS_GROUP' ? { groupId: subjectId } : { groupId, componentId: subjectId });
}

const COLUMNS: readonly Column<Violation>[] = [
  {
    key: 'component',
    title: 'Component',
    value: ({ subjectDisplayName }) => subjectDisplayName,
    show: (row) =>
      row.subjectComponentType === 'CONTROLLER_SERVICE' ? (
        <button type="button" className="link" onClick={() => openView({ name: 'service', id: row.subjectId })}>
          {row.subjectDisplayName}
        </button>
      ) : (
        <button type="button" className="link" title="Show it on the canvas" onClick={() => show(row)}>
          {row.subjectDisplayName || 'Without a name'}
        </button>
      ),
  },
  { key: 'violation', title: 'What is wrong', value: ({ violationMessage }) => violationMessage, show: (row) => <span title={row.violationMessage}>{row.violationMessage}</span> },
  { key: 'rule', title: 'Rule', value: ({ ruleName }) => ruleName },
  { key: 'policy', title: 'Policy', value: ({ enforcementPolicy }) => POLICIES[enforcementPolicy] },
];

/** What flow analysis rules find wrong, everywhere. */
export function FlowAnalysisView({ onClose }: { readonly onClose: () => void }) {
  const { data, error, refetch } = useViolations();
  const rules = (
    <Button size="small" icon="gear" onClick={() => openView({ name: 'controller', tab: 'flow-analysis-rules' })}>
      Rules
    </Button>
  );
  return (
    <Dialog title="Flow analysis" subtitle="What the enabled rules find wrong in the whole flow" size="huge" onClose={onClose}>
      <div className="monitoring">
        {data && data.length > 0 && (
          <DataTable
            label="Violations"
            columns={COLUMNS}
            rows={data}
            keyOf={({ ruleId, subjectId, issueId }) => ruleId + subjectId + issueId}
            note={formatNumberOf(data.length, 'violation')}
            commands={rules}
          />
        )}
        {data?.length === 0 && (
          <>
            <EmptyState icon="check" title="Nothing is wrong">
              No enabled rule has anything against the flow. Rules are made and enabled in Controller, Flow analysis rules.
            </EmptyState>
            <div className="monitoring-empty">{rules}</div>
          </>
        )}
        {!data && (error ? <Failure title="The results could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the results</Loading>)}
      </div>
    </Dialog>
  );
}
