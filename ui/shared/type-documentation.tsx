import type { ReactNode } from 'react';
import { type BundleDto, type DocumentedProperty, type TypeDefinition, type TypeKind, useAdditionalDetails, useTypeDefinition } from '../api/documentation.ts';
import { sentenceCase } from './format.ts';
import { Failure, Loading } from './message.tsx';
import './type-documentation.css';

interface TypeDocumentationProps {
  readonly kind: TypeKind;
  readonly type: string;
  readonly bundle: BundleDto;
}

/** What a type does, to be read beside its configuration. */
export function TypeDocumentation({ kind, type, bundle }: TypeDocumentationProps) {
  const { data: definition, error, refetch } = useTypeDefinition(kind, type, bundle);
  const { data: details } = useAdditionalDetails(type, bundle, definition?.additionalDetails ?? false);
  if (!definition)
    return error ? <Failure title="The documentation could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the documentation</Loading>;
  return (
    <article className="documentation">
      <p className="documentation-lead">{definition.typeDescription}</p>
      <p className="documentation-tags">
        {definition.tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </p>
      <Traits definition={definition} />
      <Properties properties={Object.values(definition.propertyDescriptors)} />
      <Pairs title="Properties of your own" rows={definition.dynamicProperties} />
      <Pairs title="Relationships" rows={definition.supportedRelationships} />
      <Pairs title="Attributes it reads" rows={definition.readsAttributes} />
      <Pairs title="Attributes it writes" rows={definition.writesAttributes} />
      {definition.stateful && (
        <Part title="State">
          <p>
            {definition.stateful.description} ({definition.stateful.scopes.map((scope) => scope.toLowerCase()).join(', ')})
          </p>
        </Part>
      )}
      {details && (
        <Part title="More">
          <p className="documentation-details">{details}</p>
        </Part>
      )}
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Traits({ definition: { inputRequirement, triggerSerially, primaryNodeOnly } }: { readonly definition: TypeDefinition }) {
  const traits = [inputRequirement && sentenceCase(inputRequirement), triggerSerially && 'One task at a time', primaryNodeOnly && 'On the primary node only'].filter(Boolean);
  return traits.length > 0 ? <p className="faint">{traits.join(' · ')}</p> : null;
}

function Pairs({ title, rows = [] }: { readonly title: string; readonly rows?: readonly { readonly name: string; readonly description: string }[] }) {
  if (rows.length === 0) return null;
  return (
    <Part title={title}>
      <dl className="documentation-pairs">
        {rows.map(({ name, description }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Properties({ properties }: { readonly properties: readonly DocumentedProperty[] }) {
  if (properties.length === 0) return null;
  return (
    <Part title="Properties">
      <dl className="documentation-pairs">
        {properties.map((property) => (
          <div key={property.name}>
            <dt>
              {property.displayName}
              {property.required && <span className="required"> *</span>}
            </dt>
            <dd>
              {property.description}
              <Small property={property} />
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Small({
  property: { defaultValue, sensitive, expressionLanguageScope, expressionLanguageScopeDescription, dependencies = [], allowableValues },
}: {
  readonly property: DocumentedProperty;
}) {
  const lines = [
    defaultValue !== undefined && `Default: ${defaultValue}`,
    allowableValues && `One of: ${allowableValues.map(({ displayName }) => displayName).join(', ')}`,
    sensitive && 'Sensitive',
    expressionLanguageScope !== 'NONE' && `Expressions: ${expressionLanguageScopeDescription}`,
    ...dependencies.map(({ propertyDisplayName, dependentValues }) => `Only with ${propertyDisplayName}${dependentValues ? ` = ${dependentValues.join(' or ')}` : ''}`),
  ].filter((line) => typeof line === 'string');
  return lines.map((line) => <small key={line}>{line}</small>);
}
