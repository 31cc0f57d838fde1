import type { ServiceReferenceEntity } from '../api/shapes.ts';
import { shortType, sentenceCase } from '../shared/format.ts';
import { EmptyState } from '../shared/message.tsx';
import { showOnCanvas, openView } from '../shared/views.ts';

/** Who uses a service, and who uses those. */
export function References({ references }: { readonly references: readonly ServiceReferenceEntity[] }) {
  if (references.length === 0)
    return (
      <EmptyState icon="plug" title="Not used">
        No component refers to this service.
      </EmptyState>
    );
  return (
    <ul className="references">
      {references.map((reference) => (
        <Reference key={reference.id} reference={reference} />
      ))}
    </ul>
  );
}

function Reference({ reference: { id, component } }: { readonly reference: ServiceReferenceEntity }) {
  const { name, type, state, groupId, referenceType, referencingComponents = [] } = component;
  const show = () => {
    if (referenceType === 'ControllerService') openView({ name: 'service', id });
    else if (groupId) {
      showOnCanvas({ groupId, componentId: id });
    }
  };
  return (
    <li>
      <button type="button" className="link" onClick={show}>
        {name}
      </button>
      <small>
        {shortType(type)} · {sentenceCase(state)}
      </small>
      {referencingComponents.length > 0 && <References references={referencingComponents} />}
    </li>
  );
}
