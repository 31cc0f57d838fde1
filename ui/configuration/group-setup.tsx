import type { ReactNode } from 'react';
import { missingIn, type Parameter, type ParameterContextReference, useBoundContext } from '../api/parameters.ts';
import { useActivateServices, useServices } from '../api/services.ts';
import { Button } from '../shared/button.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { openView } from '../shared/views.ts';
import { Section } from './section.tsx';
import './group-setup.css';

/** What a group lacks before all of it can run: values of parameters, then services. Nothing where it lacks nothing. */
export function GroupSetup({ groupId, reference }: { readonly groupId: string; readonly reference: ParameterContextReference | undefined }) {
  const { data: context } = useBoundContext(reference);
  const { data: services = [] } = useServices(groupId);
  const missing = context ? missingIn(context) : [];
  const waiting = services.filter(({ component }) => component.state !== 'ENABLED');
  if (missing.length === 0 && waiting.length === 0) return null;
  return (
    <Section title="Before it can start">
      <ol className="setup">
        {context && (
          <Item done={missing.length === 0} title={missing.length === 0 ? 'Parameters are set' : `Set ${formatNumberOf(missing.length, 'parameter')}`}>
            {missing.map((parameter) => (
              <MissingParameter key={parameter.name} parameter={parameter} />
            ))}
            {missing.length === 0 && (
              <Button size="small" icon="sliders" onClick={() => openView({ name: 'parameter-contexts', id: context.id })}>
                Look at them
              </Button>
            )}
          </Item>
        )}
        {services.length > 0 && (
          <Item done={waiting.length === 0} title={waiting.length === 0 ? 'Controller services are enabled' : `Enable ${formatNumberOf(waiting.length, 'controller service')}`}>
            {waiting.length > 0 && <EnableAll groupId={groupId} obstacle={missing.length > 0 ? 'Set the parameters first' : undefined} />}
          </Item>
        )}
      </ol>
    </Section>
  );
}

function Item({ done, title, children }: { readonly done: boolean; readonly title: string; readonly children: ReactNode }) {
  return (
    <li data-done={done || undefined}>
      <Icon name={done ? 'check' : 'clock'} size={16} label={done ? 'Done' : 'To do'} />
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </li>
  );
}

function MissingParameter({ parameter: { name, description, parameterContext } }: { readonly parameter: Parameter }) {
  return (
    <div className="setup-parameter">
      <div>
        {name}
        {description && <small>{description}</small>}
      </div>
      <Button
        size="small"
        tone="primary"
        aria-label={`Set ${name}`}
        onClick={() => openView({ name: 'parameter-contexts', id: parameterContext?.id, parameter: name, edit: true })}
      >
        Set
      </Button>
    </div>
  );
}

function EnableAll({ groupId, obstacle }: { readonly groupId: string; readonly obstacle: string | undefined }) {
  const activate = useActivateServices();
  const enable = () => activate.mutate({ groupId, state: 'ENABLED' }, { onError: (error) => noticeFailed('The controller services could not be enabled.', error) });
  return (
    <>
      {obstacle && <small>{obstacle}</small>}
      <Button size="small" icon="bolt" tone={obstacle ? 'plain' : 'primary'} disabled={obstacle !== undefined} busy={activate.isPending} onClick={enable}>
        Enable all
      </Button>
    </>
  );
}
