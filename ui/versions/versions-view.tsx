import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useVersionCommands, useVersionControl, type VersionControl } from '../api/versions.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation, Dialog } from '../shared/dialog.tsx';
import { TextArea } from '../shared/field.tsx';
import { sentenceCase } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { noticeDone } from '../shared/notices.ts';
import { Tabs } from '../shared/tabs.tsx';
import { LocalChanges } from './local-changes.tsx';
import { StartVersionControl } from './start-version-control.tsx';
import { VersionList } from './version-list.tsx';
import './versions.css';

interface VersionsViewProps {
  readonly groupId: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** Which version of a flow a group follows, and what to do with it. */
export function VersionsView({ groupId, title, onClose }: VersionsViewProps) {
  const { data, error, refetch } = useVersionControl(groupId);
  if (data && !data.versionControlInformation) return <StartVersionControl groupId={groupId} name={title} onClose={onClose} />;
  if (data?.versionControlInformation) return <Controlled groupId={groupId} title={title} control={data.versionControlInformation} onClose={onClose} />;
  return (
    <Dialog title="Version control" subtitle={title} size="large" onClose={onClose}>
      {error ? <Failure title="The version could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the version</Loading>}
    </Dialog>
  );
}

const TABS = [
  { key: 'changes', title: 'Local changes' },
  { key: 'versions', title: 'Versions' },
] as const;

interface ControlledProps extends VersionsViewProps {
  readonly control: VersionControl;
}

function Controlled({ groupId, title, control, onClose }: ControlledProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]['key']>('changes');
  const [open, setOpen] = useState<'commit' | 'revert' | 'stop'>();
  const { flowName, version, registryName, bucketName, branch, state, stateExplanation } = control;
  const isModified = state.includes('LOCALLY_MODIFIED');
  const close = () => setOpen(undefined);
  const actions = (
    <>
      <div className="dialog-aside">
        <Button tone="quiet" onClick={() => setOpen('stop')}>
          Stop version control
        </Button>
      </div>
      <Button icon="undo" disabled={!isModified} onClick={() => setOpen('revert')}>
        Revert local changes
      </Button>
      <Button tone="primary" icon="upload" disabled={!isModified} onClick={() => setOpen('commit')}>
        Commit
      </Button>
    </>
  );
  return (
    <Dialog
      title={`Version control of ${title}`}
      subtitle={`${flowName} in ${bucketName} of ${registryName}${branch ? `, branch ${branch}` : ''}`}
      size="huge"
      onClose={onClose}
      actions={actions}
    >
      <div className="versions">
        <p className="version-state">
          <span className="status-pill" data-state={state === 'UP_TO_DATE' ? 'ENABLED' : 'INVALID'}>
            {sentenceCase(state)}
          </span>
          <span>
            Version <code>{version.slice(0, 12)}</code>. {stateExplanation}
          </span>
        </p>
        <Tabs label="Version control" tabs={TABS} current={tab} onChange={setTab}>
          {tab === 'changes' ? <LocalChanges groupId={groupId} enabled={isModified} /> : <VersionList groupId={groupId} control={control} modified={isModified} />}
        </Tabs>
      </div>
      {open === 'commit' && <Commit groupId={groupId} control={control} onClose={close} />}
      {open === 'revert' && <Question groupId={groupId} what="revert" onClose={close} />}
      {open === 'stop' && <Question groupId={groupId} what="stop" onClose={close} />}
    </Dialog>
  );
}

function Commit({ groupId, control, onClose }: { readonly groupId: string; readonly control: VersionControl; readonly onClose: () => void }) {
  const [comments, setComments] = useState('');
  const { save } = useVersionCommands(groupId);
  const { registryId, bucketId, flowId, branch } = control;
  const commit = useMutation({
    mutationFn: () => save({ registryId, bucketId, flowId, branch, comments }),
    onSuccess: () => {
      noticeDone('Stored a new version');
      onClose();
    },
  });
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" type="submit" busy={commit.isPending}>
        Commit
      </Button>
    </>
  );
  return (
    <Dialog title="Commit local changes" onClose={onClose} actions={actions} onSubmit={() => commit.mutate()}>
      <TextArea label="Comments" hint="What has changed, and why" value={comments} onChange={setComments} autoFocus />
      {commit.error && (
        <p className="callout" data-tone="danger" role="alert">
          {commit.error.message}
        </p>
      )}
    </Dialog>
  );
}

const QUESTIONS = {
  revert: {
    title: 'Revert local changes?',
    action: 'Revert',
    text: 'The group will be as the stored version has it. Components that differ are stopped for it, and started again.',
  },
  stop: { title: 'Stop version control?', action: 'Stop', text: 'The group stays as it is and follows no version any more. What is stored stays in the registry.' },
} as const;

function Question({ groupId, what, onClose }: { readonly groupId: string; readonly what: 'revert' | 'stop'; readonly onClose: () => void }) {
  const commands = useVersionCommands(groupId);
  const run = useMutation<unknown>({ mutationFn: () => commands[what](), onSuccess: onClose });
  const { title, action, text } = QUESTIONS[what];
  return (
    <Confirmation title={title} action={action} busy={run.isPending} obstacle={run.error?.message} onConfirm={() => run.mutate()} onClose={onClose}>
      <p>{text}</p>
    </Confirmation>
  );
}
