import type { BulletinEntity, FlowDto, ProcessGroupFlowEntity } from './shapes.ts';

/** What a component that the user may not read is called: the server names it by its id. */
export function hiddenName(id: string): string {
  return `Hidden ${id.slice(0, 8)}`;
}

interface Entity {
  readonly id: string;
  readonly position?: unknown;
  readonly bulletins?: BulletinEntity[];
  readonly component?: unknown;
}

/** As far as the canvas draws it. */
const COMMON = { comments: '', style: {}, config: {}, relationships: [] };

/** By the list that it is in: what a component has that the user may not read. */
const PLACEHOLDERS: Readonly<Record<Exclude<keyof FlowDto, 'remoteProcessGroups'>, (id: string) => object>> = {
  processGroups: () => COMMON,
  processors: () => ({ ...COMMON, type: '', state: 'STOPPED' }),
  inputPorts: () => ({ ...COMMON, state: 'STOPPED', type: 'INPUT_PORT' }),
  outputPorts: () => ({ ...COMMON, state: 'STOPPED', type: 'OUTPUT_PORT' }),
  connections: () => ({
    ...COMMON,
    source: hidden,
    destination: hidden,
    selectedRelationships: [],
    availableRelationships: [],
    prioritizers: [],
    bends: [],
    flowFileExpiration: '0 sec',
  }),
  labels: () => ({ style: {}, label: '' }),
  funnels: () => ({}),
};

const hidden = { id: '', name: 'Hidden', running: false };

/** The answer as the canvas takes it: with something in place of what the user may not read, and without bulletins that say nothing. */
export function withPlaceholders(answer: ProcessGroupFlowEntity): ProcessGroupFlowEntity {
  const { flow } = answer.processGroupFlow;
  for (const [list, placeholder] of Object.entries(PLACEHOLDERS)) {
    for (const entity of flow[list as keyof typeof PLACEHOLDERS] as Entity[]) {
      const { id, position, bulletins } = entity;
      if (!entity.component) Object.assign(entity, { component: { id, position, name: list === 'connections' ? '' : hiddenName(id), ...placeholder(id) } });
      Object.assign(entity, { bulletins: bulletins ? readable(bulletins) : [] });
    }
  }
  return answer;
}

/** Bulletins that the user may read. */
export function readable(bulletins: readonly BulletinEntity[]): BulletinEntity[] {
  return bulletins.every(({ canRead }) => canRead) ? (bulletins as BulletinEntity[]) : bulletins.filter(({ canRead }) => canRead);
}
