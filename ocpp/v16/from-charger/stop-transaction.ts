import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import { listAt, meaningfulAt, textAt } from '../../payload.ts';
import { stopReason } from '../../shared/stop-reason.ts';
import { idTagInfo, presentedTag } from '../id-tag-info.ts';
import { knownTransaction } from '../known-transaction.ts';
import { registerWh } from '../register-wh.ts';

/** The stop names no connector: the fold finds the session by transactionId, or by tag, meter and time. */
export const stopTransaction: Action = {
  name: 'StopTransaction',
  neverRefused: true,
  presents: presentedTag,
  // A stop needs no verdict: where the list could not be asked, nothing is said of the tag.
  respond: (payload, context) => {
    const tag = textAt(payload, 'idTag');
    const isUnverified = presentedTag(payload) !== undefined && context.tag(tag ?? '').unverified === true;
    return tag === undefined || isUnverified ? {} : { idTagInfo: idTagInfo(tag, context) };
  },
  facts: (payload, context) => {
    const { stamped, warn } = context;
    const transactionId = knownTransaction(payload);
    if (transactionId === undefined)
      warn('transaction-id-missing', 'A stop without the id of a transaction', '/transactionId');
    const register = registerWh(payload, 'meterStop', warn);
    const vendorReason = meaningfulAt(payload, 'reason');
    return [
      ...meterSamples(listAt(payload, 'transactionData'), '/transactionData', { evse: {}, transactionId }, context),
      {
        ...stamped(payload),
        type: 'SessionStopped',
        ...omitUndefined({ transactionId, ...register }),
        reason: stopReason(vendorReason),
        ...omitUndefined({ vendorReason, tag: meaningfulAt(payload, 'idTag') }),
      },
    ];
  },
};
