import type { ConnectorDefinition, ConnectorDto } from '../api/connectors.ts';
import { useConnector } from '../api/connectors.ts';
import { shortType } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { Names } from './names.tsx';

type Group = ConnectorDefinition['flowContents'];

/** What a connector does, what it has to be told, and what it is made of: all from its flow definition. */
export function ConnectorDocumentation({ connector }: { readonly connector: ConnectorDto | undefined }) {
  const { data, error, refetch } = useConnector(connector?.name);
  if (!connector) return <div className="picker-documentation" />;
  return (
    <ScrollArea label="Documentation" className="picker-documentation">
      <h3>{connector.title}</h3>
      <p>{connector.description}</p>
      {error && !data && <Failure title="The connector could not be read" error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading>Reading the connector</Loading>}
      {data && <Details definition={data} />}
    </ScrollArea>
  );
}

function Details({ definition: { flowContents, parameterContexts = {} } }: { readonly definition: ConnectorDefinition }) {
  const groups = [flowContents, ...groupsBelow(flowContents)];
  const notes = groups.flatMap(({ labels }) => labels.flatMap(({ label }) => label ?? []));
  const contexts = Object.values(parameterContexts);
  const missing = contexts.flatMap(({ parameters }) => parameters.filter(({ value }) => value === undefined || value === null));
  return (
    <>
      {notes.map((note) => (
        <p key={note} className="picker-note">
          {note}
        </p>
      ))}
      <Names title="What you have to set" of={missing.map(({ name, description }) => ({ name, description }))} />
      {contexts.map(({ name, description, parameters }) => (
        <Names
          key={name}
          title={`Parameters: ${name}`}
          note={description}
          of={parameters.filter((parameter) => !missing.includes(parameter)).map((parameter) => ({ name: parameter.name, description: <Described parameter={parameter} /> }))}
        />
      ))}
      <Names title="Controller services" of={groups.flatMap(({ controllerServices }) => controllerServices.map(madeOf))} />
      <Names title="Processors" of={groups.flatMap(({ processors }) => processors.map(madeOf))} />
    </>
  );
}

const groupsBelow = ({ processGroups }: Group): Group[] => processGroups.flatMap((group) => [group, ...groupsBelow(group)]);

const madeOf = ({ name, type }: { readonly name: string; readonly type: string }) => ({ name, description: shortType(type) });

function Described({
  parameter: { description, value, sensitive },
}: {
  readonly parameter: { readonly description?: string; readonly value?: string; readonly sensitive: boolean };
}) {
  return (
    <>
      {description}
      {!sensitive && value !== undefined && value !== '' && (
        <small>
          Set to <code>{value}</code>
        </small>
      )}
    </>
  );
}
