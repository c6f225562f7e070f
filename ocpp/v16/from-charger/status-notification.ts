import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { meaningfulAt, textAt } from '../../payload.ts';
import { reportedStatus } from '../../shared/reported-status.ts';
import { evseRef } from '../evse-ref.ts';

/** NoError, also as "noerror" or "No Error": nothing to warn of. */
const isNoError = (word: string): boolean => word.replaceAll(/[^a-z]/gi, '').toLowerCase() === 'noerror';

export const statusNotification: Action = {
  name: 'StatusNotification',
  respond: () => ({}),
  facts: (payload, { stamped, warn }) => {
    const vendorStatus = textAt(payload, 'status') ?? '';
    const errorCode = meaningfulAt(payload, 'errorCode');
    return [
      {
        ...stamped(payload),
        ...evseRef(payload, warn),
        type: 'StatusReported',
        status: reportedStatus(vendorStatus),
        vendorStatus,
        ...omitUndefined({
          errorCode: errorCode === undefined || isNoError(errorCode) ? undefined : errorCode,
          vendorErrorCode: meaningfulAt(payload, 'vendorErrorCode'),
          info: meaningfulAt(payload, 'info'),
        }),
      },
    ];
  },
};
