import { useQuery } from '@tanstack/react-query';
import { request } from './client.ts';

/** A type of processors, as the catalogue lists it. */
export interface ProcessorTypeDto {
  readonly type: string;
  readonly bundle: { readonly group: string; readonly artifact: string; readonly version: string };
  readonly description: string;
  readonly tags: readonly string[];
}

interface Named {
  readonly name: string;
  readonly description: string;
}

/** The documentation of a type, in so far as it is shown before one is made. */
export interface ProcessorDefinitionDto {
  readonly typeDescription: string;
  readonly inputRequirement: string;
  readonly supportedRelationships?: readonly Named[];
  readonly propertyDescriptors?: Readonly<
    Record<string, Named & { readonly displayName: string; readonly required?: boolean; readonly defaultValue?: string; readonly sensitive?: boolean }>
  >;
  readonly writesAttributes?: readonly Named[];
  readonly readsAttributes?: readonly Named[];
  readonly stateful?: { readonly description: string };
  readonly supportsDynamicProperties?: boolean;
  readonly dynamicProperties?: readonly (Named & { readonly value: string })[];
}

export const FOREVER = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY };

/** All types of processors that are installed. */
export function useProcessorTypes() {
  return useQuery({
    queryKey: ['processor-types'],
    queryFn: ({ signal }) => request<{ processorTypes: ProcessorTypeDto[] }>('/nifi-api/flow/processor-types', { signal }),
    select: ({ processorTypes }) => processorTypes,
    ...FOREVER,
  });
}

export function useProcessorDefinition(type: ProcessorTypeDto | undefined) {
  return useQuery({
    queryKey: ['processor-definition', type?.type],
    queryFn: ({ signal }) => {
      const { bundle } = type!;
      const path = [bundle.group, bundle.artifact, bundle.version, type!.type].map(encodeURIComponent).join('/');
      return request<ProcessorDefinitionDto>(`/nifi-api/flow/processor-definition/${path}`, { signal });
    },
    enabled: type !== undefined,
    ...FOREVER,
  });
}

/** Names of the kinds of prioritizers, with what they do. */
export function usePrioritizers() {
  return useQuery({
    queryKey: ['prioritizers'],
    queryFn: ({ signal }) => request<{ prioritizerTypes: { type: string; description?: string }[] }>('/nifi-api/flow/prioritizers', { signal }),
    select: ({ prioritizerTypes }) => prioritizerTypes,
    ...FOREVER,
  });
}
