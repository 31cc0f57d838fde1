import type { ControllerServiceDto, ServiceState } from '../api/shapes.ts';

const TITLES: Readonly<Record<ServiceState, string>> = { ENABLED: 'Enabled', ENABLING: 'Enabling', DISABLED: 'Disabled', DISABLING: 'Disabling' };

/** How a controller service is doing. */
export function ServicePill({ component: { state, validationStatus } }: { readonly component: Pick<ControllerServiceDto, 'state' | 'validationStatus'> }) {
  const isInvalid = state === 'DISABLED' && validationStatus === 'INVALID';
  return (
    <span className="status-pill" data-state={isInvalid ? 'INVALID' : state}>
      {isInvalid ? 'Invalid' : TITLES[state]}
    </span>
  );
}
