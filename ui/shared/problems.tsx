/** What keeps a component from running. */
export function Problems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="callout problems" data-tone="warning">
      <strong>{problems.length === 1 ? 'This must be put right before it can run:' : 'These must be put right before it can run:'}</strong>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  );
}
