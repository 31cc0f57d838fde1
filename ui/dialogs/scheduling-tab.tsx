import type { ProcessorEntity } from '../api/shapes.ts';
import { useNextRuns } from '../api/schedules.ts';
import type { Edit } from '../shared/edit/use-edit.ts';
import { Field, TextField } from '../shared/field.tsx';
import { Select } from '../shared/select.tsx';
import { problemIn } from './processor-obstacles.ts';
import { RUN_DURATIONS, sliderOf } from './run-durations.ts';

interface SchedulingTabProps {
  readonly edit: Edit<ProcessorEntity>;
  readonly component: ProcessorEntity['component'];
  readonly readOnly: boolean;
}

const STRATEGIES = [
  { value: 'TIMER_DRIVEN', label: 'Timer driven', note: 'Runs again after a time, or as soon as there is work' },
  { value: 'CRON_DRIVEN', label: 'CRON driven', note: 'Runs at certain times of the day, the week or the year' },
];

const NODES = [
  { value: 'ALL', label: 'All nodes' },
  { value: 'PRIMARY', label: 'Primary node only' },
];

export function SchedulingTab({ edit, component, readOnly }: SchedulingTabProps) {
  const { fields, set } = edit;
  const strategy = edit.value<string>('schedulingStrategy');
  const defaults = component.config.defaultSchedulingPeriod ?? {};
  const changeStrategy = (next: string) => {
    set('schedulingStrategy', next);
    set('schedulingPeriod', next === component.config.schedulingStrategy ? component.config.schedulingPeriod : (defaults[next] ?? '0 sec'));
  };
  return (
    <div className="form-grid">
      <Field label="Scheduling strategy">{({ id }) => <Select id={id} value={strategy} choices={STRATEGIES} onChange={changeStrategy} disabled={readOnly} />}</Field>
      <RunSchedule edit={edit} isCron={strategy === 'CRON_DRIVEN'} readOnly={readOnly} />
      <TextField
        label="Concurrent tasks"
        inputMode="numeric"
        hint={component.supportsParallelProcessing ? 'How many tasks may be at work at the same time' : 'This type runs one task at a time'}
        value={String(edit.value<number>('concurrentlySchedulableTaskCount') ?? '')}
        onChange={(value) => set('concurrentlySchedulableTaskCount', /^\d+$/.test(value) ? Number(value) : value)}
        error={problemIn(fields, 'concurrentlySchedulableTaskCount')}
        disabled={readOnly || !component.supportsParallelProcessing}
      />
      <Field label="Execution">
        {({ id }) => (
          <Select
            id={id}
            value={edit.value<string>('executionNode')}
            choices={NODES}
            onChange={(value) => set('executionNode', value)}
            disabled={readOnly || component.executionNodeRestricted}
          />
        )}
      </Field>
      {component.supportsBatching && <RunDuration edit={edit} readOnly={readOnly} />}
    </div>
  );
}

interface RunScheduleProps extends Pick<SchedulingTabProps, 'edit' | 'readOnly'> {
  readonly isCron: boolean;
}

function RunSchedule({ edit, isCron, readOnly }: RunScheduleProps) {
  const period = edit.value<string>('schedulingPeriod');
  const { data: next, error } = useNextRuns(isCron && !period.includes('#{') ? period : undefined);
  const hint = isCron ? cronHint(next) : '0 sec: as soon as there is work';
  return (
    <TextField
      label="Run schedule"
      className="input mono"
      hint={hint}
      value={period}
      onChange={(value) => edit.set('schedulingPeriod', value)}
      error={problemIn(edit.fields, 'schedulingPeriod') ?? (isCron ? error?.message : undefined)}
      disabled={readOnly}
    />
  );
}

function cronHint(next: readonly string[] | undefined): string {
  if (!next) return 'Seconds, minutes, hours, day of month, month, day of week';
  return next.length === 0 ? 'Never again' : `Next: ${next.map((run) => new Date(run).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })).join(' · ')}`;
}

function RunDuration({ edit, readOnly }: Pick<SchedulingTabProps, 'edit' | 'readOnly'>) {
  const millis = edit.value<number>('runDurationMillis') ?? 0;
  return (
    <div className="wide">
      <Field label="Run duration" hint="How long it may go on with further FlowFiles in one session. Longer: more throughput. Shorter: less delay.">
        {(control) => (
          <div className="run-duration">
            <input
              {...control}
              type="range"
              min={0}
              max={RUN_DURATIONS.length - 1}
              value={sliderOf(millis)}
              aria-valuetext={`${millis} ms`}
              onChange={(event) => edit.set('runDurationMillis', RUN_DURATIONS[Number(event.target.value)]!)}
              disabled={readOnly}
            />
            <output>{millis < 1000 ? `${millis} ms` : `${millis / 1000} s`}</output>
          </div>
        )}
      </Field>
    </div>
  );
}
