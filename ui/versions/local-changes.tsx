import { useLocalChanges } from '../api/versions.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { showOnCanvas } from '../shared/views.ts';

/** What differs from the version that a group follows. */
export function LocalChanges({ groupId, enabled }: { readonly groupId: string; readonly enabled: boolean }) {
  const { data: components, error, refetch } = useLocalChanges(groupId, enabled);
  if (!enabled || components?.length === 0)
    return (
      <EmptyState icon="check" title="No local changes">
        The group is as the stored version has it.
      </EmptyState>
    );
  if (!components) return error ? <Failure title="The changes could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Comparing</Loading>;
  const show = (inGroup: string | undefined, componentId: string) => {
    showOnCanvas({ groupId: inGroup ?? groupId, componentId });
  };
  return (
    <table className="listing">
      <thead>
        <tr>
          <th scope="col">Component</th>
          <th scope="col">Kind</th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ componentId, componentName, componentType, processGroupId, differences }) => (
          <tr key={componentId}>
            <th scope="row">
              <button type="button" className="link" onClick={() => show(processGroupId, componentId)}>
                {componentName || componentId}
              </button>
            </th>
            <td>{componentType}</td>
            <td>
              {differences.map(({ difference }) => (
                <p key={difference}>{difference}</p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
