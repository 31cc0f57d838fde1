import { useViolations } from '../api/flow-analysis.ts';

/** What flow analysis rules have against a component. What an enforced rule says keeps it from running, and is said there. */
export function Violations({ id }: { readonly id: string }) {
  const { data: violations = [] } = useViolations();
  const found = violations.filter(({ subjectId }) => subjectId === id);
  if (found.length === 0) return null;
  return (
    <div className="callout problems" data-tone="warning">
      <strong>Flow analysis:</strong>
      <ul>
        {found.map(({ ruleId, issueId, ruleName, violationMessage, enforcementPolicy }) => (
          <li key={ruleId + issueId}>
            {violationMessage} <span className="faint">{`${ruleName}, ${enforcementPolicy === 'ENFORCE' ? 'enforced' : 'a warning'}`}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
