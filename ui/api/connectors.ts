import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ConnectorView } from '../../server/rest/dto/sync.ts';
import { request } from './client.ts';
import { FOREVER } from './types.ts';

/** A connector that comes with the server. */
export type ConnectorDto = ConnectorView;

interface ComponentOfDefinition {
  readonly name: string;
  readonly type: string;
}

interface GroupOfDefinition {
  readonly name?: string;
  readonly comments?: string;
  readonly processors: readonly ComponentOfDefinition[];
  readonly controllerServices: readonly ComponentOfDefinition[];
  readonly labels: readonly { readonly label?: string }[];
  readonly processGroups: readonly GroupOfDefinition[];
}

/** A flow definition, in so far as it tells what the connector is. */
export interface ConnectorDefinition {
  readonly flowContents: GroupOfDefinition;
  readonly parameterContexts?: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly description?: string;
        readonly parameters: readonly { readonly name: string; readonly description?: string; readonly sensitive: boolean; readonly value?: string }[];
      }
    >
  >;
}

export function useConnectors() {
  return useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => request<{ connectors: ConnectorDto[] }>('/api/connectors', { signal }),
    select: ({ connectors }) => connectors,
    ...FOREVER,
  });
}

/** The flow definition of a connector. */
export function connectorOptions(name: string) {
  return queryOptions({
    queryKey: ['connectors', name],
    queryFn: ({ signal }) => request<ConnectorDefinition>(`/api/connectors/${encodeURIComponent(name)}`, { signal }),
    ...FOREVER,
  });
}

export function useConnector(name: string | undefined) {
  return useQuery({ ...connectorOptions(name ?? ''), enabled: name !== undefined });
}
