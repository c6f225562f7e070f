import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { integerAt, meaningfulAt, objectAt, type Payload, registerAt, textAt } from '../../payload.ts';
import { reservationIdOf } from '../../shared/reservation-id-of.ts';
import { tagRefusal } from '../../shared/tag-refusal.ts';
import { isOfNoTime, parseInstant } from '../../timing.ts';
import { evseRef } from '../evse-ref.ts';
import { idTagInfo, presentedTag } from '../id-tag-info.ts';
import { registerWh } from '../register-wh.ts';
import { transactionId } from '../transaction-id.ts';

/**
 * A start without a stamp, or with one that is always the same, cannot be recognised when repeated: its message id stands in,
 * so that two starts stay two.
 */
const idOf = (payload: Payload, stationId: string, messageId: string): number => {
  const stamp = textAt(payload, 'timestamp');
  return transactionId({
    stationId,
    connectorId: integerAt(payload, 'connectorId'),
    idTag: textAt(payload, 'idTag') ?? '',
    startedAt: stamp === undefined || isOfNoTime(stamp) ? messageId : (parseInstant(stamp)?.at ?? stamp),
    meterStart: registerAt(payload, 'meterStart'),
  });
};

/** Recorded even if the tag is refused: some chargers deliver all the same. */
export const startTransaction: Action = {
  name: 'StartTransaction',
  neverRefused: true,
  presents: (payload) => {
    const presented = presentedTag(payload);
    const starts = omitUndefined({ evseId: integerAt(payload, 'connectorId') });
    return presented && { ...presented, starts };
  },
  respond: (payload, context, messageId) => ({
    idTagInfo: idTagInfo(textAt(payload, 'idTag') ?? '', context),
    transactionId: idOf(payload, context.stationId, messageId),
  }),
  facts: (payload, { stationId, messageId, stamped, warn, answered, tagUnverified }) => {
    const register = registerWh(payload, 'meterStart', warn);
    if (register.meterStartWh === 0)
      warn('meter-start-zero', 'meterStart 0: the register may count per session', '/meterStart');
    return [
      {
        ...stamped(payload),
        ...evseRef(payload, warn),
        type: 'SessionStarted',
        transactionId: String(idOf(payload, stationId, messageId)),
        ...omitUndefined({
          ...register,
          tag: meaningfulAt(payload, 'idTag'),
          tagVerdict: tagRefusal(textAt(objectAt(answered, 'idTagInfo'), 'status')),
          tagUnverified: tagUnverified || undefined,
          reservationId: reservationIdOf(payload),
        }),
      },
    ];
  },
};
