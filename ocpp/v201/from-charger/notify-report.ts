import { type Action, otherMessage } from '../../action.ts';
import { booleanAt, integerAt, listAt } from '../../payload.ts';
import { toldByReport } from '../capabilities.ts';

/** Parts of a report have a number each from 0 on, and say whether more are to come. */
export const notifyReport: Action = {
  name: 'NotifyReport',
  respond: () => ({}),
  facts: (payload, { received }) => {
    const [requestId, seqNo] = [integerAt(payload, 'requestId') ?? 0, integerAt(payload, 'seqNo') ?? 0];
    const part = { requestId, seqNo, isLast: booleanAt(payload, 'tbc') !== true };
    return [
      otherMessage(received, 'NotifyReport', `${listAt(payload, 'reportData').length} variables, request ${requestId}`),
      { ...received, type: 'CapabilitiesReported', capabilities: toldByReport(payload), part },
    ];
  },
};
