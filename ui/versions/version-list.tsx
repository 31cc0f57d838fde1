import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type FlowVersion, useFlowVersions, useVersionCommands, type VersionControl } from '../api/versions.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation } from '../shared/dialog.tsx';
import { Failure, Loading } from '../shared/message.tsx';
import { noticeDone } from '../shared/notices.ts';

interface VersionListProps {
  readonly groupId: string;
  readonly control: VersionControl;
  /** There are local changes, which another version would overwrite. */
  readonly modified: boolean;
}

/** The stored versions, and a way to each. */
export function VersionList({ groupId, control, modified }: VersionListProps) {
  const { data: versions, error, refetch } = useFlowVersions(control);
  const [wanted, setWanted] = useState<FlowVersion>();
  if (!versions) return error ? <Failure title="The versions could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the versions</Loading>;
  return (
    <>
      <table className="listing">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Stored</th>
            <th scope="col">By</th>
            <th scope="col">Comments</th>
            <th scope="col">
              <span className="visually-hidden">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((each) => (
            <tr key={each.version}>
              <th scope="row">
                <code>{each.version.slice(0, 12)}</code>
              </th>
              <td>{new Date(each.timestamp).toLocaleString()}</td>
              <td>{each.author}</td>
              <td>{each.comments}</td>
              <td className="listing-commands">
                {each.version === control.version ? (
                  <span className="tag">current</span>
                ) : (
                  <Button size="small" disabled={modified} title={modified ? 'Commit or revert the local changes first' : undefined} onClick={() => setWanted(each)}>
                    Change to this
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {wanted && <ChangeVersion groupId={groupId} wanted={wanted} onClose={() => setWanted(undefined)} />}
    </>
  );
}

function ChangeVersion({ groupId, wanted, onClose }: { readonly groupId: string; readonly wanted: FlowVersion; readonly onClose: () => void }) {
  const { changeVersion } = useVersionCommands(groupId);
  const change = useMutation({
    mutationFn: () => changeVersion(wanted.version),
    onSuccess: () => {
      noticeDone('Changed the version');
      onClose();
    },
  });
  return (
    <Confirmation
      title="Change the version?"
      action="Change"
      tone="primary"
      busy={change.isPending}
      obstacle={change.error?.message}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <p>Components that differ are stopped, changed and started again. What is queued stays where its connection stays.</p>
    </Confirmation>
  );
}
