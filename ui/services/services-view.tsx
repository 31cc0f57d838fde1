import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useConfigurationChanged } from '../api/editing.ts';
import { recordDeleted } from '../api/presence.ts';
import { deleteService, servicePath } from '../api/service-activation.ts';
import { CONTROLLER, useServicesInReach } from '../api/services.ts';
import type { ControllerServiceEntity } from '../api/shapes.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { Confirmation, Dialog } from '../shared/dialog.tsx';
import { formatNumberOf, shortType } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { NewService } from '../shared/properties/new-service.tsx';
import { openView } from '../shared/views.ts';
import { Activation } from './activation.tsx';
import { ServicePill } from './service-pill.tsx';
import './services.css';

interface ServicesViewProps {
  /** A group's id, or `controller`. */
  readonly groupId: string;
  readonly onClose: () => void;
}

/** The controller services that a group may use, or those of the controller. */
export function ServicesView({ groupId, onClose }: ServicesViewProps) {
  const { data: services, error, refetch } = useServicesInReach(groupId);
  const [making, setMaking] = useState(false);
  const isController = groupId === CONTROLLER;
  const actions = (
    <>
      <Button onClick={onClose}>Close</Button>
      <Button tone="primary" icon="plus" onClick={() => setMaking(true)}>
        New service
      </Button>
    </>
  );
  return (
    <Dialog
      title={isController ? 'Controller services of the controller' : 'Controller services'}
      subtitle="Connections to other systems that components share"
      size="huge"
      onClose={onClose}
      actions={actions}
    >
      {services ? (
        <List services={services} groupId={groupId} />
      ) : error ? (
        <Failure title="The controller services could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the controller services</Loading>
      )}
      {making && (
        <NewService
          groupId={isController ? undefined : groupId}
          onMade={({ id }) => {
            setMaking(false);
            openView({ name: 'service', id });
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </Dialog>
  );
}

function List({ services, groupId }: { readonly services: readonly ControllerServiceEntity[]; readonly groupId: string }) {
  const [query, setQuery] = useState('');
  const shown = useMemo(() => {
    const words = query.toLowerCase();
    return services.filter(({ component }) => `${component.name} ${component.type}`.toLowerCase().includes(words));
  }, [services, query]);
  if (services.length === 0)
    return (
      <EmptyState icon="plug" title="No controller services yet">
        Make one for each database, warehouse or account that components of this group work with.
      </EmptyState>
    );
  return (
    <>
      <input className="input" aria-label="Filter services" placeholder="Filter by name or type" value={query} onChange={(event) => setQuery(event.target.value)} />
      <table className="listing">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">State</th>
            <th scope="col">Scope</th>
            <th scope="col">Used by</th>
            <th scope="col">
              <span className="visually-hidden">Commands</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((service) => (
            <Row key={service.id} service={service} isOwn={groupId === CONTROLLER || service.component.parentGroupId === groupId} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Row({ service, isOwn }: { readonly service: ControllerServiceEntity; readonly isOwn: boolean }) {
  const [open, setOpen] = useState<'activation' | 'deletion'>();
  const { id, component } = service;
  const { name, type, state, validationStatus, validationErrors = [], referencingComponents } = component;
  const isOff = state === 'DISABLED';
  return (
    <tr>
      <th scope="row">
        <button type="button" className="link" onClick={() => openView({ name: 'service', id })}>
          {name}
        </button>
      </th>
      <td title={type}>{shortType(type)}</td>
      <td title={validationErrors.join('\n') || undefined}>
        <ServicePill component={component} />
      </td>
      <td>{isOwn ? 'This group' : 'A group above'}</td>
      <td>{referencingComponents.length === 0 ? <span className="faint">Nothing</span> : formatNumberOf(referencingComponents.length, 'component')}</td>
      <td className="listing-commands">
        <IconButton icon="gear" label={`Configure ${name}`} onClick={() => openView({ name: 'service', id })} />
        <IconButton
          icon={isOff ? 'bolt' : 'disable'}
          label={isOff ? `Enable ${name}` : `Disable ${name}`}
          disabled={isOff && validationStatus === 'INVALID'}
          onClick={() => setOpen('activation')}
        />
        <IconButton icon="trash" label={`Delete ${name}`} disabled={!isOff} onClick={() => setOpen('deletion')} />
        {open === 'activation' && <Activation service={service} onClose={() => setOpen(undefined)} />}
        {open === 'deletion' && <Deletion service={service} onClose={() => setOpen(undefined)} />}
      </td>
    </tr>
  );
}

function Deletion({ service, onClose }: { readonly service: ControllerServiceEntity; readonly onClose: () => void }) {
  const changed = useConfigurationChanged();
  const client = useQueryClient();
  const { name, referencingComponents } = service.component;
  const remove = async () => {
    try {
      await deleteService(service);
      recordDeleted(client, { id: service.id, name, path: servicePath(service.id), groupId: service.component.parentGroupId });
      onClose();
    } catch (error) {
      noticeFailed(`${name} could not be deleted.`, error);
    } finally {
      void changed();
    }
  };
  return (
    <Confirmation title={`Delete ${name}?`} action="Delete" onConfirm={() => void remove()} onClose={onClose}>
      <p>
        {referencingComponents.length === 0
          ? 'Nothing uses it.'
          : `${formatNumberOf(referencingComponents.length, 'component')} ${referencingComponents.length === 1 ? 'uses' : 'use'} it and will be invalid until another service is chosen there.`}
      </p>
    </Confirmation>
  );
}
