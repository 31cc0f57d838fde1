import { useEffect, useRef, useState } from 'react';
import { useEditor } from '../api/editor.ts';
import { findComponent, nameOf } from '../api/flow.ts';
import { useGroupPorts } from '../api/search.ts';
import type { FlowComponent, FlowDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Check, Field } from '../shared/field.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { Select } from '../shared/select.tsx';
import { selectionStore } from '../shared/selection.ts';
import { beginTask, endTask } from '../shared/task.ts';
import { destinationsFor, endAt, relationshipsOf } from './connection-ends.ts';
import { ConnectionSettings, type Settings, settingsBody, STANDARD_SETTINGS } from './connection-settings.tsx';

interface ConnectDialogProps {
  readonly groupId: string;
  readonly flow: FlowDto;
  readonly from: string;
  readonly to?: string;
}

/** Draws a connection: to where it was pulled, or to what is chosen here. Where there is nothing to choose, it is made at once. */
export function ConnectDialog({ groupId, flow, from, to }: ConnectDialogProps) {
  const [source, target] = [findComponent(flow, from), to === undefined ? undefined : findComponent(flow, to)];
  const create = useCreate(groupId);
  const isPlain = source !== undefined && target !== undefined && [source, target].every(({ kind }) => kind !== 'group') && relationshipsOf(source).length === 0;
  const done = useRef(false);
  useEffect(() => {
    if (!isPlain || done.current) return;
    done.current = true;
    endTask();
    void create({ source: endAt(source, groupId, 'from', undefined), destination: endAt(target, groupId, 'to', undefined) });
  }, [isPlain, create, source, target, groupId]);
  if (isPlain || !source) return null;
  return target ? <Form key={to} groupId={groupId} source={source} target={target} /> : <Choice flow={flow} source={source} />;
}

function useCreate(groupId: string): (component: object) => Promise<void> {
  const editor = useEditor();
  return async (component) => {
    try {
      const entity = await editor.create(groupId, 'connection', component, 'Added a connection');
      selectionStore.set([entity.id]);
    } catch (error) {
      noticeFailed('The connection could not be made.', error);
    }
  };
}

/** Without a pointer the destination is chosen by its name. */
function Choice({ flow, source }: { readonly flow: FlowDto; readonly source: FlowComponent }) {
  const destinations = destinationsFor(flow, source.entity.id);
  const [to, setTo] = useState(destinations[0]?.id);
  return (
    <Dialog
      title={`Connect ${nameOf(source)}`}
      onClose={endTask}
      onSubmit={() => to !== undefined && beginTask({ name: 'connect', from: source.entity.id, to })}
      actions={
        <>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={to === undefined}>
            Continue
          </Button>
        </>
      }
    >
      {destinations.length === 0 ? (
        <p>There is nothing in this group that a connection could lead to. Add a component first.</p>
      ) : (
        <Field label="Destination" hint="You can also pull a connection from a dot at the edge of a component to another one.">
          {(control) => (
            <select className="input" size={Math.min(10, Math.max(4, destinations.length))} {...control} data-list value={to} onChange={(event) => setTo(event.target.value)}>
              {destinations.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly groupId: string;
  readonly source: FlowComponent;
  readonly target: FlowComponent;
}

function Form({ groupId, source, target }: FormProps) {
  const relationships = relationshipsOf(source);
  const [chosen, setChosen] = useState<readonly string[]>(relationships.length === 1 ? [relationships[0]!.name] : []);
  const [settings, setSettings] = useState<Settings>(STANDARD_SETTINGS);
  const [out, into] = [usePort(source, 'output'), usePort(target, 'input')];
  const create = useCreate(groupId);
  const ends = { source: endAt(source, groupId, 'from', out.value), destination: endAt(target, groupId, 'to', into.value) };
  const isReady = ends.source !== undefined && ends.destination !== undefined && (relationships.length === 0 || chosen.length > 0);
  const submit = (): void => {
    if (!isReady) return;
    endTask();
    void create({ ...ends, selectedRelationships: relationships.length > 0 ? chosen : undefined, ...settingsBody(settings) });
  };
  return (
    <Dialog
      title="Create a connection"
      subtitle={`From ${nameOf(source)} to ${nameOf(target)}`}
      size="large"
      onClose={endTask}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={!isReady} autoFocus={relationships.length === 1}>
            Connect
          </Button>
        </>
      }
    >
      <PortChoice label={`From which output port of ${nameOf(source)}`} port={out} />
      <PortChoice label={`To which input port of ${nameOf(target)}`} port={into} />
      {relationships.length > 0 && <Relationships of={relationships} chosen={chosen} onChange={setChosen} />}
      <ConnectionSettings value={settings} onChange={setSettings} />
    </Dialog>
  );
}

interface RelationshipsProps {
  readonly of: ReturnType<typeof relationshipsOf>;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function Relationships({ of, chosen, onChange }: RelationshipsProps) {
  return (
    <fieldset className="relationships">
      <legend className="field-label">Relationships that go this way</legend>
      {of.map(({ name, description }) => (
        <Check
          key={name}
          label={name}
          note={description}
          checked={chosen.includes(name)}
          onChange={(checked) => onChange(checked ? [...chosen, name] : chosen.filter((each) => each !== name))}
        />
      ))}
    </fieldset>
  );
}

interface Port {
  readonly asked: boolean;
  readonly ports: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly value: string | undefined;
  readonly choose: (id: string) => void;
}

function usePort(component: FlowComponent, direction: 'input' | 'output'): Port {
  const asked = component.kind === 'group';
  const { data: ports } = useGroupPorts(asked ? component.entity.id : undefined, direction);
  const [chosen, choose] = useState<string>();
  return { asked, ports, value: chosen ?? ports?.[0]?.id, choose };
}

function PortChoice({ label, port: { asked, ports, value, choose } }: { readonly label: string; readonly port: Port }) {
  if (!asked) return null;
  if (ports?.length === 0) {
    return (
      <p className="callout" data-tone="warning">
        {label}: the group has none. Enter it and add a port first.
      </p>
    );
  }
  return (
    <Field label={label}>{({ id }) => <Select id={id} value={value} choices={(ports ?? []).map((port) => ({ value: port.id, label: port.name }))} onChange={choose} />}</Field>
  );
}
