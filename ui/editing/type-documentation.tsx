import { type ProcessorDefinitionDto, type ProcessorTypeDto, useProcessorDefinition } from '../api/types.ts';
import { shortType } from '../shared/format.ts';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { Names } from './names.tsx';

const INPUT: Readonly<Record<string, string>> = {
  INPUT_REQUIRED: 'Needs FlowFiles from a connection.',
  INPUT_ALLOWED: 'Works with or without FlowFiles from a connection.',
  INPUT_FORBIDDEN: 'A source: nothing leads to it.',
};

/** What a type does, before it is chosen. */
export function TypeDocumentation({ type }: { readonly type: ProcessorTypeDto | undefined }) {
  const { data } = useProcessorDefinition(type);
  if (!type) return <div className="picker-documentation" />;
  return (
    <ScrollArea label="Documentation" className="picker-documentation">
      <h3>{shortType(type.type)}</h3>
      <p className="picker-type">{type.type}</p>
      <p>{type.description}</p>
      <p className="picker-facts">{data && [INPUT[data.inputRequirement], data.stateful && `Remembers: ${data.stateful.description}`].filter(Boolean).join(' ')}</p>
      <div className="picker-tags">
        {type.tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </div>
      {data && <Details definition={data} />}
    </ScrollArea>
  );
}

function Details({ definition }: { readonly definition: ProcessorDefinitionDto }) {
  const properties = Object.values(definition.propertyDescriptors ?? {});
  return (
    <>
      <Names title="Relationships" of={definition.supportedRelationships} />
      <Names title="Properties" of={properties.map(({ displayName, description, required }) => ({ name: required ? `${displayName} *` : displayName, description }))} />
      <Names title="Properties of your own" of={definition.dynamicProperties} />
      <Names title="Reads attributes" of={definition.readsAttributes} />
      <Names title="Writes attributes" of={definition.writesAttributes} />
    </>
  );
}
