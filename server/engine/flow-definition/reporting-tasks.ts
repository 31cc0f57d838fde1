import type { BulletinLevel } from '../../extension/component.ts';
import type { Component, RevisionClaim } from '../component.ts';
import type { ControllerServiceNode } from '../controller-service-node.ts';
import { type FlowBuilder, NO_BUNDLE } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import type { ReportingTaskNode, TaskSchedule } from '../reporting-task-node.ts';
import { Exporter } from './export.ts';
import type { ReportingTaskContents, ReportingTaskSnapshot, ServiceContents } from './format.ts';
import { announce } from './import.ts';
import { importedProperties } from './import-properties.ts';

/** What an import of reporting tasks has made. */
export interface ImportedTasks {
  readonly tasks: readonly ReportingTaskNode[];
  readonly services: readonly ControllerServiceNode[];
}

/** Reporting tasks with the services that they use, directly or not; sensitive values are left out. */
export function exportReportingTasks(flow: FlowController, tasks: readonly ReportingTaskNode[]): ReportingTaskSnapshot {
  const exporter = new Exporter();
  const services = new Set<ControllerServiceNode>();
  const collect = (ids: ReadonlySet<string>): void => {
    for (const id of ids) {
      const service = flow.runtime.service(id);
      if (!service || services.has(service)) continue;
      services.add(service);
      collect(service.properties.serviceIds);
    }
  };
  for (const { properties } of tasks) collect(properties.serviceIds);
  return { reportingTasks: tasks.map((task) => exporter.reportingTask(task)), controllerServices: [...services].map((service) => exporter.service(service, null)) };
}

/**
 * Makes the tasks of a snapshot, stopped, and the services that they use; a controller-level service that is here already
 * under the same id is used as it is. Throws and leaves nothing behind where one cannot be made.
 */
export function importReportingTasks(flow: FlowController, builder: FlowBuilder, snapshot: ReportingTaskSnapshot, claim: RevisionClaim): ImportedTasks {
  const made: Component[] = [];
  const ids = new Map<string, string>();
  const serviceId = (identifier: string): string => ids.get(identifier) ?? identifier;
  try {
    const fresh = (snapshot.controllerServices ?? []).flatMap((contents) => {
      const known = flow.controllerServices.get(contents.instanceIdentifier ?? '') ?? flow.controllerServices.get(contents.identifier);
      const service = known ?? builder.service(null, general(contents), contents.bundle ?? NO_BUNDLE);
      ids.set(contents.identifier, service.id);
      if (known) return [];
      made.push(service);
      return [{ service, contents }];
    });
    for (const { service, contents } of fresh) service.configure(importedProperties(flow.runtime, ['controller-service'], contents, service.properties, serviceId));
    const tasks = (snapshot.reportingTasks ?? []).map((contents) => {
      const task = builder.controllerLevel('REPORTING_TASK', { ...general(contents), ...scheduleOf(contents) }, contents.bundle ?? NO_BUNDLE);
      made.push(task);
      task.configure(importedProperties(flow.runtime, ['reporting-task'], contents, task.properties, serviceId));
      if (contents.scheduledState === 'DISABLED') task.disable();
      return task;
    });
    announce(flow, made, claim);
    return { tasks, services: fresh.map(({ service }) => service) };
  } catch (thrown) {
    for (const component of made.toReversed()) builder.discard(component);
    throw thrown;
  }
}

function general({ type, name, comments, bulletinLevel, annotationData }: ServiceContents | ReportingTaskContents) {
  return { type, name, comments, annotationData, bulletinLevel: bulletinLevel as BulletinLevel | undefined };
}

function scheduleOf({ schedulingStrategy, schedulingPeriod }: ReportingTaskContents): Partial<TaskSchedule> {
  return { schedulingStrategy: schedulingStrategy as TaskSchedule['schedulingStrategy'] | undefined, schedulingPeriod };
}
