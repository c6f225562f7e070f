import type { Action } from '../../action.ts';
import { textAt } from '../../payload.ts';
import { reportedStatus } from '../../shared/status.ts';
import { whereOfIds } from '../where.ts';

export const statusNotification: Action = {
  name: 'StatusNotification',
  respond: () => ({}),
  facts: (payload, { stamped }) => {
    const vendorStatus = textAt(payload, 'connectorStatus') ?? '';
    return [
      {
        ...stamped(payload),
        ...whereOfIds(payload),
        type: 'StatusReported',
        status: reportedStatus(vendorStatus),
        vendorStatus,
      },
    ];
  },
};
