import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { ChargingState } from '../dialect.ts';
import { advanceMeter, offeredW, readMeter } from '../meter.ts';
import type { SimulatedConnector, StopReason, Transaction } from '../simulated-connector.ts';
import type { StationContext } from '../station-context.ts';
import { breakDown, plannedFaults } from './faults.ts';
import { arrivingVehicle } from './vehicle.ts';

const second = 1000;
const minute = 60 * second;

const chargingState = (connector: SimulatedConnector, at: number): ChargingState => {
  if (connector.powerW > 0 || connector.softFault) return 'Charging';
  return offeredW(connector, at) <= 0 ? 'SuspendedEVSE' : 'SuspendedEV';
};

const begin = (
  connector: SimulatedConnector,
  tag: string,
  remoteStartId: number | undefined,
  context: StationContext,
): Transaction => {
  const { dialect, chance, now } = context;
  if (context.sessionRegister) connector.registerWh = 0;
  connector.powerW = 0;
  advanceMeter(connector, now(), chance);
  const transaction: Transaction = {
    tag,
    startedAt: connector.countedAt,
    meterStartWh: Math.floor(connector.registerWh),
    seqNo: 0,
    knownWh: 0,
    knownAt: connector.countedAt,
    ...omitUndefined({
      transactionId: dialect.protocol === 'ocpp1.6' ? undefined : context.newTransactionId(),
      remoteStartId,
    }),
  };
  connector.transaction = transaction;
  context.transact(dialect.started(connector, transaction, readMeter(connector, chance)), (answer) => {
    const { authorization, transactionId } = dialect.readAnswer(answer);
    if (transactionId !== undefined) transaction.transactionId = transactionId;
    if (authorization === undefined || authorization === 'Accepted' || connector.transaction !== transaction) return;
    connector.endWith = 'DeAuthorized';
    connector.wake();
  });
  return transaction;
};

const showState = (
  connector: SimulatedConnector,
  transaction: Transaction,
  state: ChargingState,
  context: StationContext,
): void => {
  if (connector.status === state) return;
  context.setStatus(connector, state);
  const request = context.dialect.stateChanged(transaction, context.now(), state);
  if (request) context.transact(request, () => {});
};

const sample = (connector: SimulatedConnector, transaction: Transaction, context: StationContext): void => {
  const sampled = readMeter(connector, context.chance);
  context.transact(context.dialect.sampled(connector, transaction, sampled, context.identity), () => {
    transaction.knownWh = Math.floor(sampled.registerWh) - transaction.meterStartWh;
    transaction.knownAt = sampled.at;
  });
};

const end = (
  connector: SimulatedConnector,
  transaction: Transaction,
  reason: StopReason,
  context: StationContext,
): void => {
  advanceMeter(connector, context.now(), context.chance);
  const sampled = readMeter(connector, context.chance);
  delete connector.transaction;
  connector.powerW = 0;
  connector.profiles = connector.profiles.filter(({ purpose }) => purpose !== 'TxProfile');
  const { evseId, connectorId } = connector;
  context.transact(context.dialect.ended(transaction, sampled, reason), () => {
    context.tags.release(transaction.tag);
    context.transactionEnded({
      evseId,
      connectorId,
      transactionId: String(transaction.transactionId ?? -1),
      tag: transaction.tag,
      startedAt: transaction.startedAt,
      endedAt: sampled.at,
      energyWh: Math.floor(sampled.registerWh) - transaction.meterStartWh,
      reason,
    });
  });
};

/** Charges until the car leaves, the CSMS or the driver stops it, or something breaks. Returns why it ended. */
const charge = async (
  connector: SimulatedConnector,
  transaction: Transaction,
  context: StationContext,
): Promise<StopReason> => {
  const { chance, now } = context;
  const stay = connector.alternating
    ? chance.between(40 * minute, 300 * minute)
    : chance.between(10 * minute, 50 * minute);
  const leavesAt = now() + Math.max(30 * second, stay / context.rate);
  const { faultAt, softFaultAt, softFaultMs } = plannedFaults(context);
  for (;;) {
    connector.softFault = now() >= softFaultAt && now() < softFaultAt + softFaultMs;
    advanceMeter(connector, now(), chance);
    if (connector.endWith) return connector.endWith;
    if (now() >= faultAt) return 'EmergencyStop';
    if (now() >= leavesAt) return connector.alternating ? 'EVDisconnected' : 'Local';
    showState(connector, transaction, chargingState(connector, now()), context);
    if (connector.countedAt > transaction.startedAt) sample(connector, transaction, context);
    await context.pause(connector, context.sampleMs);
  }
};

/** One car at one connector, from plugging in to driving off. Cars with a refused tag leave without charging. */
export const chargingSession = async (connector: SimulatedConnector, context: StationContext): Promise<void> => {
  const { chance, dialect } = context;
  const remote = connector.remoteStart;
  delete connector.remoteStart;
  delete connector.endWith;
  const tag = remote?.tag ?? context.tags.take(chance);
  connector.vehicle = arrivingVehicle(chance);
  context.setStatus(connector, 'Preparing');
  if (!remote) {
    const answer = await context.ask(dialect.authorize(tag));
    // Without an answer the station is offline, where it authorizes locally.
    const authorization = answer ? dialect.readAnswer(answer).authorization : 'Accepted';
    await context.pause(connector, chance.between(second, 4 * second));
    if (authorization !== 'Accepted') {
      context.tags.release(tag);
      return leave(connector, context);
    }
  }
  const transaction = begin(connector, tag, remote?.remoteStartId, context);
  await context.pause(connector, chance.between(second, 3 * second));
  const reason = await charge(connector, transaction, context);
  end(connector, transaction, reason, context);
  connector.softFault = false;
  if (reason === 'EmergencyStop') await breakDown(connector, context);
  else context.setStatus(connector, 'Finishing');
  await context.pause(connector, chance.between(2 * second, 8 * second));
  leave(connector, context);
};

const leave = (connector: SimulatedConnector, context: StationContext): void => {
  delete connector.vehicle;
  delete connector.endWith;
  connector.powerW = 0;
  context.setStatus(connector, connector.operative ? 'Available' : 'Unavailable');
};
