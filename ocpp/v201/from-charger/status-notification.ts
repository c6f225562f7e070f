import type { Action } from '../../action.ts';
import { textAt } from '../../payload.ts';
import { reportedStatus } from '../../shared/reported-status.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const statusNotification: Action = {
  name: 'StatusNotification',
  respond: () => ({}),
  facts: (payload, { stamped }) => {
    const vendorStatus = textAt(payload, 'connectorStatus') ?? '';
    return [
      {
        ...stamped(payload),
        ...evseRefOfIds(payload),
        type: 'StatusReported',
        status: reportedStatus(vendorStatus),
        vendorStatus,
      },
    ];
  },
};
