import { type Action, otherMessage } from '../../action.ts';
import { integerAt, listAt } from '../../payload.ts';

export const notifyMonitoringReport: Action = {
  name: 'NotifyMonitoringReport',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'NotifyMonitoringReport',
      `${listAt(payload, 'monitor').length} monitors, request ${integerAt(payload, 'requestId') ?? 0}`,
    ),
  ],
};
