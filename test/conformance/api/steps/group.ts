import type { Json } from '../../../api-client.ts';
import { type Stage, STANDARD, revision } from '../stage.ts';

/** The flow that most of the walk works on. */
export interface Scene {
  readonly group: Json;
  readonly inner: Json;
  readonly context: Json;
  readonly source: Json;
  readonly update: Json;
  /** From source to update; holds data. */
  readonly queue: Json;
  readonly log: Json;
  readonly service: Json;
  readonly writer: Json;
  readonly convert: Json;
  readonly input: Json;
  readonly output: Json;
  readonly funnel: Json;
  readonly label: Json;
}

const RECORDS = { reader: 'org.apache.nifi.csv.CSVReader', writer: 'org.apache.nifi.json.JsonRecordSetWriter' };

/** Builds a group with everything in it that a group can have, data in a queue, bulletins, state and provenance. */
export async function buildScene(stage: Stage): Promise<Scene> {
  const { walk } = stage;
  const context = await walk.json('POST /parameter-contexts', {}, { body: { revision: revision(), component: contextBody() } });
  const group = await stage.create('root', 'process-groups', { name: 'Walk', parameterContext: { id: context.id } });
  const inner = await stage.create(group.id, 'process-groups', { name: 'Inner' });
  const [input, output] = [await stage.create(inner.id, 'input-ports', { name: 'in' }), await stage.create(inner.id, 'output-ports', { name: 'out' })];
  const source = await stage.processor(group.id, `${STANDARD}.GenerateFlowFile`, {
    schedulingPeriod: '1 day',
    properties: { 'Custom Text': 'id,name\n1,#{greeting}\n', 'Batch Size': '3', colour: 'red' },
  });
  const update = await stage.processor(group.id, 'org.apache.nifi.processors.attributes.UpdateAttribute', {
    properties: { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', count: '${getStateValue("count"):plus(1)}' },
    autoTerminatedRelationships: ['set state fail'],
  });
  const log = await stage.processor(group.id, `${STANDARD}.LogMessage`, {
    properties: { 'Log Level': 'warn', 'Log Message': 'seen ${count}' },
    autoTerminatedRelationships: ['success'],
  });
  const funnel = await stage.create(group.id, 'funnels', {});
  const label = await stage.create(group.id, 'labels', { label: 'Walk', width: 100, height: 40, style: { 'font-size': '18px' } });
  const service = await stage.create(group.id, 'controller-services', { type: RECORDS.reader, name: 'reader' });
  const writer = await stage.create(group.id, 'controller-services', { type: RECORDS.writer, name: 'writer' });
  const convert = await stage.processor(inner.id, `${STANDARD}.ConvertRecord`, {
    properties: { 'Record Reader': service.id, 'Record Writer': writer.id },
    autoTerminatedRelationships: ['failure'],
  });
  const queue = await stage.connect(source, update, {
    selectedRelationships: ['success'],
    name: 'the queue',
    prioritizers: ['org.apache.nifi.prioritizer.FirstInFirstOutPrioritizer'],
  });
  await stage.connect(update, funnel, { selectedRelationships: ['success'], bends: [{ x: 1, y: 2 }] });
  await stage.connect(funnel, log, {});
  await stage.connect(input, convert, {});
  await stage.connect(convert, output);
  return { group, inner, context, source, update, queue, log, service, writer, convert, input, output, funnel, label };
}

function contextBody() {
  return {
    name: `walk ${Date.now()}`,
    description: 'for the walk',
    parameters: [{ parameter: { name: 'greeting', value: 'hello', sensitive: false, description: 'a word' } }, { parameter: { name: 'secret', value: 'hush', sensitive: true } }],
  };
}

/** Makes data flow: state in update, a bulletin at log, provenance for all, and three FlowFiles left in the queue. */
export async function letFlow(stage: Stage, { source, update, log, queue }: Scene): Promise<void> {
  await stage.once(source);
  for (const processor of [update, log]) await stage.runStatus(processor, 'RUNNING');
  await stage.walk.until(
    'GET /flow/processors/{id}/status',
    { id: log.id },
    ({ processorStatus }) => processorStatus.aggregateSnapshot.flowFilesIn >= 3,
    'three FlowFiles at the end',
  );
  for (const processor of [update, log]) {
    await stage.runStatus(processor, 'STOPPED');
    await stage.walk.until('GET /processors/{id}', { id: processor.id }, ({ component }) => component.physicalState === 'STOPPED', 'the end of a processor');
  }
  await stage.once(source);
  const queued = ({ connectionStatus }: Json) => connectionStatus.aggregateSnapshot.flowFilesQueued === 3;
  await stage.walk.until('GET /flow/connections/{id}/status', { id: queue.id }, queued, 'three FlowFiles in the queue');
}
