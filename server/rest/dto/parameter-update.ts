import type { ParameterUpdate } from '../../engine/parameter-update.ts';
import type { AsynchronousRequest } from '../asynchronous-requests.ts';
import { requestDto, type RequestDto } from './asynchronous-request.ts';
import type { EntityView } from './common.ts';

export interface UpdateRequestDto extends RequestDto {
  updateSteps: { description: string; complete: boolean; failureReason: string | undefined }[];
}

/** A change of parameters under way, as its requests tell of it. */
export function updateRequestDto(request: AsynchronousRequest<unknown>, update: ParameterUpdate, uri: string, view: EntityView): UpdateRequestDto {
  const { complete, failureReason, percentCompleted, state, steps, lastUpdated } = update;
  return {
    ...requestDto(request, uri, view),
    lastUpdated: view.times.timestamp(lastUpdated),
    complete,
    failureReason,
    percentCompleted: complete ? 100 : percentCompleted,
    state,
    updateSteps: steps,
  };
}
