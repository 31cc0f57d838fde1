import type { ProcessorConfig, ProcessorEntity, RelationshipDto } from '../api/shapes.ts';
import { Fact } from '../shared/figure.tsx';
import { formatBytes, formatCount, formatMillis, formatNumberOf, sentenceCase } from '../shared/format.ts';
import { ComponentBulletins } from './component-bulletins.tsx';
import { Problems } from '../shared/problems.tsx';
import { Section } from './section.tsx';
import { Violations } from './violations.tsx';

interface ProcessorOverviewProps {
  /** As the canvas has it, with live figures. */
  readonly live: ProcessorEntity;
  /** With its whole configuration, once it is there. */
  readonly whole?: ProcessorEntity;
}

export function ProcessorOverview({ live, whole }: ProcessorOverviewProps) {
  const { component } = live;
  const config = (whole?.component.config ?? component.config) as Partial<ProcessorConfig>;
  return (
    <>
      <Problems problems={component.validationErrors ?? []} />
      <Violations id={live.id} />
      {whole?.component.description && <p className="description">{whole.component.description}</p>}
      <ComponentBulletins bulletins={live.bulletins} />
      <Figures entity={live} />
      <Scheduling config={config} />
      <Relationships relationships={component.relationships} config={config} />
      {config.comments && (
        <Section title="Comments">
          <p className="comments">{config.comments}</p>
        </Section>
      )}
    </>
  );
}

function Figures({ entity }: { readonly entity: ProcessorEntity }) {
  const { flowFilesIn, bytesIn, flowFilesOut, bytesOut, bytesRead, bytesWritten, taskCount, tasksDurationNanos, activeThreadCount, terminatedThreadCount } =
    entity.status.aggregateSnapshot;
  return (
    <Section title="Figures" note="of the last five minutes">
      <dl className="facts">
        {entity.inputRequirement !== 'INPUT_FORBIDDEN' && (
          <Fact name="In">
            {formatCount(flowFilesIn)} · {formatBytes(bytesIn)}
          </Fact>
        )}
        <Fact name="Out">
          {formatCount(flowFilesOut)} · {formatBytes(bytesOut)}
        </Fact>
        <Fact name="Read and written">
          {formatBytes(bytesRead)} · {formatBytes(bytesWritten)}
        </Fact>
        <Fact name="Tasks">
          {formatCount(taskCount)} · {formatMillis(tasksDurationNanos / 1e6)}
        </Fact>
        <Fact name="At work now">
          {formatNumberOf(activeThreadCount, 'task')}
          {terminatedThreadCount > 0 && ` and ${formatCount(terminatedThreadCount)} terminated`}
        </Fact>
      </dl>
    </Section>
  );
}

/** When it runs, in a sentence. */
export function scheduleText({ schedulingStrategy, schedulingPeriod = '' }: Partial<ProcessorConfig>): string {
  if (schedulingStrategy === 'CRON_DRIVEN') return `Cron: ${schedulingPeriod}`;
  return /^0+(\.0+)?\s/.test(schedulingPeriod) ? 'As soon as there is work' : `Every ${schedulingPeriod}`;
}

function Scheduling({ config }: { readonly config: Partial<ProcessorConfig> }) {
  const { concurrentlySchedulableTaskCount = 1, runDurationMillis = 0, penaltyDuration, yieldDuration, bulletinLevel, executionNode } = config;
  return (
    <Section title="Scheduling">
      <dl className="facts">
        <Fact name="Runs">{scheduleText(config)}</Fact>
        <Fact name="Concurrent tasks">{formatCount(concurrentlySchedulableTaskCount)}</Fact>
        <Fact name="Run duration">{formatMillis(runDurationMillis)}</Fact>
        <Fact name="Penalty, yield">
          {penaltyDuration}, {yieldDuration}
        </Fact>
        <Fact name="Bulletins from">{sentenceCase(bulletinLevel ?? '')}</Fact>
        {executionNode === 'PRIMARY' && <Fact name="Runs on">The primary node only</Fact>}
      </dl>
    </Section>
  );
}

interface RelationshipsProps {
  readonly relationships: readonly RelationshipDto[];
  readonly config: Partial<ProcessorConfig>;
}

function Relationships({ relationships, config: { retryCount, backoffMechanism, maxBackoffPeriod } }: RelationshipsProps) {
  if (relationships.length === 0) return null;
  return (
    <Section title="Relationships">
      <ul className="relationships">
        {relationships.map(({ name, description, autoTerminate, retry }) => (
          <li key={name}>
            <strong>{name}</strong>
            {autoTerminate && <span className="tag">terminates here</span>}
            {retry && (
              <span className="tag" title={`${sentenceCase(backoffMechanism ?? '')}, at most ${maxBackoffPeriod}`}>
                {formatNumberOf(retryCount ?? 0, 'retry', 'retries')}
              </span>
            )}
            <p>{description}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
