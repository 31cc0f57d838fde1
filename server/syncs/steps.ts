import type { FieldDescription, StepDescription } from './connector-description.ts';
import type { Sync } from './sync.ts';
import type { StepView } from './views.ts';

/** How far the wizard is with each of its pages. */
export function stepsOf(sync: Sync): StepView[] {
  return sync.description.steps.map((step) => {
    const problems = problemsOf(sync, step);
    return { id: step.id, complete: problems.length === 0, problems };
  });
}

function problemsOf(sync: Sync, step: StepDescription): string[] {
  const own = missing(sync, step.fields ?? []);
  if (step.kind === 'connections') return [...own, ...sync.description.connections.flatMap(({ fields, title }) => missing(sync, fields).map((each) => `${title}: ${each}`))];
  if (step.kind === 'data') return sync.streams.some(({ enabled }) => enabled) ? own : [...own, 'Choose at least one kind of data.'];
  if (step.kind === 'query') return [...own, ...eachStream(sync, 'query', 'has no query')];
  if (step.kind === 'mapping') return [...own, ...eachStream(sync, 'mapping', 'has no mapping')];
  if (step.kind === 'schedule') return [...own, ...scheduleProblems(sync)];
  return own;
}

function missing({ places, description }: Sync, fields: readonly FieldDescription[]): string[] {
  const all = [...description.connections.flatMap((each) => each.fields), ...description.steps.flatMap((each) => each.fields ?? [])];
  const shown = ({ showIf }: FieldDescription): boolean => {
    const other = showIf && all.find(({ id }) => id === showIf.field);
    return !other || showIf!.values.includes(places.value(other.target) ?? '');
  };
  return fields.filter((field) => field.required && shown(field) && (places.value(field.target) ?? '') === '').map(({ label }) => `${label} is missing.`);
}

function eachStream(sync: Sync, what: 'query' | 'mapping', lack: string): string[] {
  return sync.streams.flatMap(({ enabled, description }) => {
    const target = description[what];
    return enabled && target && (sync.places.value(target) ?? '').trim() === '' ? [`${description.title} ${lack}.`] : [];
  });
}

function scheduleProblems({ mainSource }: Sync): string[] {
  if (!mainSource) return ['The source was removed on the canvas.'];
  return mainSource.validationErrors.filter((each) => /schedul/i.test(each));
}
