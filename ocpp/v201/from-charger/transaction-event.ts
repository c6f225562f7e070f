import type { Fact, FactHeader, MeterSampled, TransactionProgress } from '../../../domain/kernel/fact.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action, FactContext } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import {
  booleanAt,
  integerAt,
  isPayload,
  listAt,
  meaningfulAt,
  objectAt,
  type Payload,
  textAt,
  valueAt,
} from '../../payload.ts';
import { reservationIdOf } from '../../shared/reservation-id-of.ts';
import { stopReason } from '../../shared/stop-reason.ts';
import { tagRefusal } from '../../shared/tag-refusal.ts';
import { chargingState } from '../charging-state.ts';
import { evseRefOfEvse } from '../evse-ref.ts';
import { idTokenInfo, tagOf } from '../id-token-info.ts';

const progressOf = (payload: Payload, { answered }: FactContext): TransactionProgress => {
  const info = objectAt(payload, 'transactionInfo');
  return {
    ...omitUndefined({
      seqNo: integerAt(payload, 'seqNo'),
      offline: booleanAt(payload, 'offline'),
      triggerReason: textAt(payload, 'triggerReason'),
      chargingState: chargingState(textAt(info, 'chargingState')),
      tag: tagOf(payload),
      tagVerdict: tagRefusal(textAt(objectAt(answered, 'idTokenInfo'), 'status')),
      remoteStartId: integerAt(info, 'remoteStartId'),
      reservationId: reservationIdOf(payload),
    }),
  };
};

const registerAt = (samples: readonly MeterSampled[], context: 'begin' | 'end'): number | undefined => {
  const registers = samples.filter(({ reading }) => reading.energyWh !== undefined);
  const marked = registers.find(({ reading }) => reading.context === context);
  return (marked ?? (context === 'begin' ? registers.at(0) : registers.at(-1)))?.reading.energyWh;
};

/** Whether a register of the event was left out: a start or a stop says so too, where its readings come before their session. */
const meterRefusedIn = (samples: readonly MeterSampled[]): true | undefined =>
  samples.some(({ reading }) => reading.registerRefused) || undefined;

/** The transaction fact of the event, if it can be told which transaction it is. A stop may do without. */
const transactionFact = (
  payload: Payload,
  header: FactHeader,
  samples: readonly MeterSampled[],
  context: FactContext,
): Fact | undefined => {
  const info = objectAt(payload, 'transactionInfo');
  const transactionId = meaningfulAt(info, 'transactionId');
  const shared = { ...header, ...evseRefOfEvse(objectAt(payload, 'evse')), ...progressOf(payload, context) };
  const eventType = textAt(payload, 'eventType');
  if (transactionId === undefined) context.warn('transaction-id-missing', 'An event without the id of its transaction');
  if (eventType === 'Ended') {
    const vendorReason = meaningfulAt(info, 'stoppedReason');
    return {
      ...shared,
      type: 'SessionStopped',
      ...omitUndefined({
        transactionId,
        meterStopWh: registerAt(samples, 'end'),
        meterRefused: meterRefusedIn(samples),
      }),
      reason: stopReason(vendorReason),
      ...omitUndefined({ vendorReason }),
    };
  }
  if (transactionId === undefined) return undefined;
  if (eventType !== 'Started') return { ...shared, type: 'SessionUpdated', transactionId };
  return {
    ...shared,
    type: 'SessionStarted',
    transactionId,
    ...omitUndefined({
      meterStartWh: registerAt(samples, 'begin'),
      meterRefused: meterRefusedIn(samples),
      tagUnverified: context.tagUnverified || undefined,
    }),
  };
};

/** Samples stand after a start or an update, and before an end: the session they belong to is open for them. */
export const transactionEvent: Action = {
  name: 'TransactionEvent',
  neverRefused: true,
  presents: (payload) => {
    const tag = tagOf(payload);
    if (tag === undefined) return undefined;
    const evseId = integerAt(objectAt(payload, 'evse'), 'id');
    return {
      tag,
      ...omitUndefined({
        stamp: textAt(payload, 'timestamp'),
        offline: booleanAt(payload, 'offline'),
        starts: textAt(payload, 'eventType') === 'Started' ? omitUndefined({ evseId }) : undefined,
      }),
    };
  },
  // Only a start needs a verdict: where the list could not be asked, later events say nothing of the tag.
  respond: (payload, context) => {
    const tag = tagOf(payload);
    const isStart = textAt(payload, 'eventType') === 'Started';
    const isUnverified = !isStart && tag !== undefined && context.tag(tag).unverified === true;
    return isPayload(valueAt(payload, 'idToken')) && !isUnverified
      ? { idTokenInfo: idTokenInfo(payload, context) }
      : {};
  },
  facts: (payload, context) => {
    const owner = {
      evse: evseRefOfEvse(objectAt(payload, 'evse')),
      transactionId: meaningfulAt(objectAt(payload, 'transactionInfo'), 'transactionId'),
      seqNo: integerAt(payload, 'seqNo'),
    };
    const header = context.stamped(payload);
    const samples = meterSamples(listAt(payload, 'meterValue'), '/meterValue', owner, context);
    const fact = transactionFact(payload, header, samples, context);
    if (fact === undefined) return samples;
    return fact.type === 'SessionStopped' ? [...samples, fact] : [fact, ...samples];
  },
};
