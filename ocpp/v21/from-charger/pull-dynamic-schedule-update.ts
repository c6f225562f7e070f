import { type Action, otherMessage } from '../../action.ts';
import { integerAt } from '../../payload.ts';

/** Rejected: our profiles are complete; none is dynamic. */
export const pullDynamicScheduleUpdate: Action = {
  name: 'PullDynamicScheduleUpdate',
  respond: () => ({ status: 'Rejected' }),
  facts: (payload, { received }) => [
    otherMessage(received, 'PullDynamicScheduleUpdate', `Profile ${integerAt(payload, 'chargingProfileId') ?? 0}`),
  ],
};
