import type { ConfiguredComponent } from '../../engine/configured-component.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import { descriptorDto } from '../dto/descriptor.ts';
import { serviceChoices } from '../dto/service-choices.ts';
import type { Routes } from '../routes.ts';

/** GET .../{id}/descriptors; `sensitive` asks how a dynamic property would be if it were made sensitive. */
export function addDescriptorRoutes(routes: Routes, find: (id: string) => ProcessorNode | ConfiguredComponent): void {
  routes.get('/:id/descriptors', (call) => {
    const { properties, bundle, group } = find(call.id);
    const name = call.query('propertyName');
    if (name === undefined) throw new InvalidRequestError('The property name must be specified.');
    const descriptor = properties.descriptor(name);
    const asked = descriptor.dynamic && call.query('sensitive') !== undefined ? { ...descriptor, sensitive: call.flag('sensitive') } : descriptor;
    return { propertyDescriptor: descriptorDto(asked, bundle, serviceChoices(group, call.view)) };
  });
}
