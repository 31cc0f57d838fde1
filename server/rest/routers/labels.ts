import type { Router } from 'express';
import type { LabelEdit } from '../../engine/label.ts';
import { labelEntity } from '../dto/label.ts';
import { Routes } from '../routes.ts';
import { type ComponentBody, entity, numeral, text, textMap, whole, withoutNulls } from '../schemas.ts';
import type { RestServices } from '../services.ts';

export interface LabelBody extends ComponentBody {
  label?: string | null;
  width?: number | null;
  height?: number | null;
  getzIndex?: number | null;
  style?: Record<string, string> | null;
}

export const labelBody = entity<LabelBody>({ label: text, width: numeral, height: numeral, getzIndex: whole, style: textMap });

export function labelEdit({ label, width, height, getzIndex, style, position }: LabelBody): LabelEdit {
  return withoutNulls({ text: label, width, height, zIndex: getzIndex, style, position });
}

/** /labels */
export function labelRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/:id', (call) => labelEntity(flow.label(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(labelBody);
    call.checkId(component.id);
    const label = flow.label(call.id);
    flow.change(label, call.claim(revision), () => label.configure(labelEdit(component)));
    return labelEntity(label, call.view);
  });
  routes.delete('/:id', (call) => {
    const label = flow.label(call.id);
    const last = labelEntity(label, call.view);
    flow.remove(label, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  return routes.router;
}
