import { useQuery } from '@tanstack/react-query';
import type { BundleDto } from '../../server/rest/dto/common.ts';
import { ApiError, request } from './client.ts';

export type { BundleDto } from '../../server/rest/dto/common.ts';

export type TypeKind = 'processor' | 'controller-service' | 'reporting-task' | 'parameter-provider' | 'flow-registry-client' | 'flow-analysis-rule';

interface Described {
  readonly name: string;
  readonly description: string;
}

export interface DocumentedProperty extends Described {
  readonly displayName: string;
  readonly required: boolean;
  readonly sensitive: boolean;
  readonly defaultValue?: string;
  readonly allowableValues?: readonly { readonly value: string; readonly displayName: string; readonly description?: string }[];
  readonly expressionLanguageScopeDescription: string;
  readonly expressionLanguageScope: string;
  readonly dependencies?: readonly { readonly propertyDisplayName: string; readonly dependentValues?: readonly string[] }[];
}

/** The documentation of a type, as its declaration gives it. */
export interface TypeDefinition {
  readonly type: string;
  readonly typeDescription: string;
  readonly tags: readonly string[];
  readonly additionalDetails: boolean;
  readonly inputRequirement?: string;
  readonly propertyDescriptors: Readonly<Record<string, DocumentedProperty>>;
  readonly dynamicProperties?: readonly (Described & { readonly value: string })[];
  readonly supportedRelationships?: readonly Described[];
  readonly readsAttributes?: readonly Described[];
  readonly writesAttributes?: readonly Described[];
  readonly stateful?: { readonly description: string; readonly scopes: readonly string[] };
  readonly triggerSerially?: boolean;
  readonly primaryNodeOnly?: boolean;
}

const place = (type: string, { group, artifact, version }: BundleDto): string => [group, artifact, version, type].map(encodeURIComponent).join('/');

/** The documentation of a type. It does not change while the server runs. */
export function useTypeDefinition(kind: TypeKind, type: string, bundle: BundleDto) {
  return useQuery({
    queryKey: ['type-definition', kind, type],
    queryFn: ({ signal }) => request<TypeDefinition>(`/nifi-api/flow/${kind}-definition/${place(type, bundle)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A text about the type; undefined where there is none. */
export function useAdditionalDetails(type: string, bundle: BundleDto, enabled: boolean) {
  return useQuery({
    queryKey: ['additional-details', type],
    queryFn: async ({ signal }) => {
      try {
        return (await request<{ additionalDetails: string }>(`/nifi-api/flow/additional-details/${place(type, bundle)}`, { signal })).additionalDetails;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return '';
        throw error;
      }
    },
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
