import { useQuery } from '@tanstack/react-query';
import type { FlowAnalysisRuleDto, RuleViolationDto } from '../../server/rest/dto/flow-analysis-rule.ts';
import { request } from './client.ts';
import { pollEvery } from './polling.ts';

/** What a rule has against a component. */
export interface Violation extends RuleViolationDto {
  readonly ruleName: string;
}

interface ResultsDto {
  readonly rules: readonly FlowAnalysisRuleDto[];
  readonly ruleViolations: readonly RuleViolationDto[];
}

function namedViolations({ rules, ruleViolations }: ResultsDto): Violation[] {
  const names = new Map(rules.map(({ id, name }) => [id, name]));
  return ruleViolations.map((violation) => ({ ...violation, ruleName: names.get(violation.ruleId) ?? violation.ruleId }));
}

/** What the enabled rules find wrong in the whole flow. The server looks at each edit; asking costs it nothing. */
export function useViolations() {
  return useQuery({
    queryKey: ['flow-analysis'],
    queryFn: ({ signal }) => request<ResultsDto>('/nifi-api/flow/flow-analysis/results', { signal }),
    select: namedViolations,
    refetchInterval: pollEvery(2000, 5000),
  });
}
