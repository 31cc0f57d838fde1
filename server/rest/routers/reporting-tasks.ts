import type { Router } from 'express';
import type { ReportingTaskNode } from '../../engine/reporting-task-node.ts';
import type { Call } from '../call.ts';
import { reportingTaskImport } from '../definition-schema.ts';
import { controllerServiceEntity } from '../dto/controller-service.ts';
import { reportingTaskEntity } from '../dto/reporting-task.ts';
import { Routes } from '../routes.ts';
import { choice, runStatus, text, withoutNulls } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import type { ConfiguredBody } from './configured-body.ts';
import { addControllerLevelRoutes, addCreation, type ControllerLevelResource } from './controller-level.ts';
import { addStateRoutes } from './state.ts';

type State = ReportingTaskNode['state'];

interface TaskBody extends ConfiguredBody {
  state?: State | null;
  schedulingStrategy?: 'TIMER_DRIVEN' | 'CRON_DRIVEN' | null;
  schedulingPeriod?: string | null;
}

function setState(node: ReportingTaskNode, state: State): void {
  if (state === 'RUNNING') node.start();
  else if (state === 'DISABLED') node.disable();
  else void node.stop();
}

const reportingTasks: ControllerLevelResource<'REPORTING_TASK', TaskBody> = {
  kind: 'REPORTING_TASK',
  path: 'reporting-tasks',
  entity: reportingTaskEntity,
  fields: { state: choice('RUNNING', 'STOPPED', 'DISABLED'), schedulingStrategy: text, schedulingPeriod: text },
  edit: ({ schedulingStrategy, schedulingPeriod }) => withoutNulls({ schedulingStrategy, schedulingPeriod }),
  setState: (node, { state }) => {
    if (state && state !== node.state) setState(node, state);
  },
};

const taskRunStatus = runStatus('RUNNING', 'STOPPED', 'DISABLED');

/** /flow/reporting-tasks: all of them, and as a snapshot to be imported elsewhere. */
export function addReportingTaskLists(routes: Routes): void {
  const { flow } = routes.services;
  const snapshot = (call: Call) => {
    const id = call.query('reportingTaskId');
    return flow.exportReportingTasks(id === undefined ? flow.allControllerLevel('REPORTING_TASK') : [flow.controllerLevel('REPORTING_TASK', id)]);
  };
  routes.get('/reporting-tasks', ({ view }) => ({
    reportingTasks: flow.allControllerLevel('REPORTING_TASK').map((node) => reportingTaskEntity(node, view)),
    currentTime: view.refreshed,
  }));
  routes.get('/reporting-tasks/snapshot', snapshot);
  routes.raw('get', '/reporting-tasks/download', (call, response) => {
    const definition = snapshot(call);
    response.attachment('reporting-tasks.json').type('application/json').send(JSON.stringify(definition));
  });
}

/** /controller/reporting-tasks: making them. */
export function addReportingTaskCreation(routes: Routes): void {
  const { flow } = routes.services;
  addCreation(routes, '/reporting-tasks', reportingTasks);
  routes.post('/reporting-tasks/import', (call) => {
    const { reportingTaskSnapshot } = call.body(reportingTaskImport);
    const { tasks, services } = flow.importReportingTasks(reportingTaskSnapshot, { version: 0, user: call.user });
    return {
      reportingTasks: tasks.map((node) => reportingTaskEntity(node, call.view)),
      controllerServices: services.map((node) => controllerServiceEntity(node, call.view)),
    };
  });
}

/** /reporting-tasks */
export function reportingTaskRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const find = (id: string) => flow.controllerLevel('REPORTING_TASK', id);
  addControllerLevelRoutes(routes, reportingTasks);
  addStateRoutes(routes, find);
  routes.put('/:id/run-status', (call) => {
    const { revision, state } = call.body(taskRunStatus);
    const node = find(call.id);
    flow.change(node, call.claim(revision), () => setState(node, state));
    return reportingTaskEntity(node, call.view);
  });
  return routes.router;
}
