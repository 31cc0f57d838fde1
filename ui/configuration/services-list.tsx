import { useActivateService, useActivateServices, useServices } from '../api/services.ts';
import type { ControllerServiceEntity, ServiceState } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { shortType } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { openView } from '../shared/views.ts';
import { Section } from './section.tsx';

/** The controller services of a group and of the groups below it. */
export function ServicesList({ groupId, heading = true }: { readonly groupId: string; readonly heading?: boolean }) {
  const { data: services, error, refetch } = useServices(groupId);
  if (!services)
    return error ? <Failure title="The controller services could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the controller services</Loading>;
  if (services.length === 0)
    return (
      <EmptyState icon="plug" title="No controller services">
        Nothing in this group needs a connection to another system.
      </EmptyState>
    );
  const enabled = services.filter(({ component }) => component.state === 'ENABLED').length;
  return (
    <Section title={heading ? 'Controller services' : ''} note={`${enabled} of ${services.length} enabled`}>
      <ul className="services">
        {services.map((service) => (
          <Service key={service.id} service={service} />
        ))}
      </ul>
      <AllServices groupId={groupId} services={services} />
    </Section>
  );
}

const TITLES: Readonly<Record<ServiceState, string>> = { ENABLED: 'Enabled', ENABLING: 'Enabling', DISABLED: 'Disabled', DISABLING: 'Disabling' };

function Service({ service }: { readonly service: ControllerServiceEntity }) {
  const activate = useActivateService();
  const { name, type, state, validationStatus, validationErrors = [] } = service.component;
  const isOff = state === 'DISABLED' || state === 'DISABLING';
  const isInvalid = isOff && validationStatus === 'INVALID';
  const wanted = isOff ? 'ENABLED' : 'DISABLED';
  const onClick = () => activate.mutate({ service, state: wanted }, { onError: (error) => noticeFailed(`${name} could not be ${wanted.toLowerCase()}.`, error) });
  return (
    <li className="service">
      <div>
        <button type="button" className="link" onClick={() => openView({ name: 'service', id: service.id })}>
          {name}
        </button>
        <p title={type}>{shortType(type)}</p>
      </div>
      <span className="status-pill" data-state={isInvalid ? 'INVALID' : state}>
        {isInvalid ? 'Invalid' : TITLES[state]}
      </span>
      <Button size="small" busy={activate.isPending} disabled={isInvalid} onClick={onClick}>
        {isOff ? 'Enable' : 'Disable'}
      </Button>
      {isInvalid && (
        <ul className="callout problems" data-tone="warning">
          {validationErrors.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function AllServices({ groupId, services }: { readonly groupId: string; readonly services: readonly ControllerServiceEntity[] }) {
  const activate = useActivateServices();
  const command = (state: 'ENABLED' | 'DISABLED') =>
    activate.mutate({ groupId, state }, { onError: (error) => noticeFailed(`The controller services could not be ${state.toLowerCase()}.`, error) });
  const all = (state: ServiceState): boolean => services.every(({ component }) => component.state === state);
  return (
    <div className="section-actions">
      <Button size="small" icon="bolt" disabled={all('ENABLED') || activate.isPending} onClick={() => command('ENABLED')}>
        Enable all
      </Button>
      <Button
        size="small"
        icon="disable"
        disabled={all('DISABLED') || activate.isPending}
        onClick={() => command('DISABLED')}
        title="Components that use them must be stopped first"
      >
        Disable all
      </Button>
    </div>
  );
}
