import type { Fact, FactHeader, MeterSampled, TransactionProgress } from '../../../domain/kernel/fact.ts';
import type { Action, Listening } from '../../action.ts';
import { meterSamples } from '../../meter/meter-samples.ts';
import {
  booleanAt,
  given,
  integerAt,
  isPayload,
  listAt,
  meaningfulAt,
  objectAt,
  type Payload,
  textAt,
} from '../../payload.ts';
import { stopReason } from '../../shared/stop-reason.ts';
import { tagRefusal } from '../../shared/tag-refusal.ts';
import { chargingState } from '../charging-state.ts';
import { idTokenInfo, tagOf } from '../id-token.ts';
import { whereOfEvse } from '../where.ts';

const progressOf = (payload: Payload, answered: Payload): TransactionProgress => {
  const info = objectAt(payload, 'transactionInfo');
  return {
    ...given('seqNo', integerAt(payload, 'seqNo')),
    ...given('offline', booleanAt(payload, 'offline')),
    ...given('triggerReason', textAt(payload, 'triggerReason')),
    ...given('chargingState', chargingState(textAt(info, 'chargingState'))),
    ...given('tag', tagOf(payload)),
    ...given('tagVerdict', tagRefusal(textAt(objectAt(answered, 'idTokenInfo'), 'status'))),
    ...given('remoteStartId', integerAt(info, 'remoteStartId')),
    ...given('reservationId', integerAt(payload, 'reservationId')),
  };
};

const registerAt = (samples: readonly MeterSampled[], context: 'begin' | 'end'): number | undefined => {
  const registers = samples.filter(({ reading }) => reading.energyWh !== undefined);
  const marked = registers.find(({ reading }) => reading.context === context);
  return (marked ?? (context === 'begin' ? registers.at(0) : registers.at(-1)))?.reading.energyWh;
};

/** The transaction fact of the event, if it can be told which transaction it is. A stop may do without. */
const transactionFact = (
  payload: Payload,
  said: FactHeader,
  samples: readonly MeterSampled[],
  { answered, warn }: Listening,
): Fact | undefined => {
  const info = objectAt(payload, 'transactionInfo');
  const transactionId = meaningfulAt(info, 'transactionId');
  const shared = { ...said, ...whereOfEvse(objectAt(payload, 'evse')), ...progressOf(payload, answered) };
  const eventType = textAt(payload, 'eventType');
  if (transactionId === undefined) warn('transaction-id-missing', 'An event without the id of its transaction');
  if (eventType === 'Ended') {
    const vendorReason = meaningfulAt(info, 'stoppedReason');
    return {
      ...shared,
      type: 'SessionStopped',
      ...given('transactionId', transactionId),
      ...given('meterStopWh', registerAt(samples, 'end')),
      reason: stopReason(vendorReason),
      ...given('vendorReason', vendorReason),
    };
  }
  if (transactionId === undefined) return undefined;
  if (eventType !== 'Started') return { ...shared, type: 'SessionUpdated', transactionId };
  return { ...shared, type: 'SessionStarted', transactionId, ...given('meterStartWh', registerAt(samples, 'begin')) };
};

/** Samples stand after a start or an update, and before an end: the session they belong to is open for them. */
export const transactionEvent: Action = {
  name: 'TransactionEvent',
  neverRefused: true,
  tags: (payload) => [tagOf(payload) ?? ''].filter(Boolean),
  respond: (payload, context) => (isPayload(payload.idToken) ? { idTokenInfo: idTokenInfo(payload, context) } : {}),
  facts: (payload, listening) => {
    const owner = {
      where: whereOfEvse(objectAt(payload, 'evse')),
      transactionId: meaningfulAt(objectAt(payload, 'transactionInfo'), 'transactionId'),
      seqNo: integerAt(payload, 'seqNo'),
    };
    const said = listening.stamped(payload);
    const samples = meterSamples(listAt(payload, 'meterValue'), '/meterValue', owner, listening);
    const fact = transactionFact(payload, said, samples, listening);
    if (fact === undefined) return samples;
    return fact.type === 'SessionStopped' ? [...samples, fact] : [fact, ...samples];
  },
};
