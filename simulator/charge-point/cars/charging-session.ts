import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { ChargingState } from '../dialect.ts';
import { readMeter } from '../read-meter.ts';
import type { SimulatedConnector, StopReason, Transaction } from '../simulated-connector.ts';
import type { StationContext } from '../station-context.ts';
import type { Visit } from './drivers.ts';
import { breakDown, plannedFaults } from './planned-faults.ts';

const second = 1000;

/** A car that is not full and draws nothing is kept from it by the station. */
const chargingState = ({ powerW, softFault, vehicle }: SimulatedConnector): ChargingState => {
  if (powerW > 0 || softFault) return 'Charging';
  return vehicle && vehicle.socPercent < vehicle.targetPercent ? 'SuspendedEVSE' : 'SuspendedEV';
};

const begin = (
  connector: SimulatedConnector,
  tag: string,
  remote: SimulatedConnector['remoteStart'],
  context: StationContext,
): Transaction => {
  const { dialect, chance } = context;
  if (context.sessionRegister) connector.registerWh = 0;
  context.power.advance();
  const transaction: Transaction = {
    tag,
    startedAt: connector.countedAt,
    meterStartWh: Math.floor(connector.registerWh),
    seqNo: 0,
    knownWh: 0,
    knownAt: connector.countedAt,
    ...omitUndefined({
      transactionId: dialect.protocol === 'ocpp1.6' ? undefined : context.newTransactionId(),
      remoteStartId: remote?.remoteStartId,
    }),
  };
  connector.transaction = transaction;
  // Before the limits are looked at, which counts on: the start is stamped with the instant it began at.
  const reading = readMeter(connector, chance);
  context.transactionChanged(connector, remote?.profile);
  context.transact(dialect.started(connector, transaction, reading), (answer) => {
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
  context.power.advance();
  const sampled = readMeter(connector, context.chance);
  delete connector.transaction;
  context.transactionChanged(connector);
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
  leavesAt: number,
  context: StationContext,
): Promise<StopReason> => {
  const { now } = context;
  const { faultAt, softFaultAt, softFaultMs } = plannedFaults(context);
  for (;;) {
    connector.softFault = now() >= softFaultAt && now() < softFaultAt + softFaultMs;
    context.power.advance();
    if (connector.endWith) return connector.endWith;
    if (now() >= faultAt) return 'EmergencyStop';
    if (now() >= leavesAt) return connector.alternating ? 'EVDisconnected' : 'Local';
    showState(connector, transaction, chargingState(connector), context);
    if (connector.countedAt > transaction.startedAt) sample(connector, transaction, context);
    await context.pause(connector, Math.min(context.sampleMs(), Math.max(1, leavesAt - now())));
  }
};

/** What the CSMS, or the station while it is offline, says of a tag. */
const authorizationOf = async (tag: string, context: StationContext): Promise<string | undefined> => {
  const answer = await context.ask(context.dialect.authorize(tag));
  if (answer) return context.dialect.readAnswer(answer).authorization;
  return context.localStatus(tag) ?? 'Accepted';
};

/** One car at one connector, from plugging in to driving off. Cars with a refused tag leave without charging. */
export const chargingSession = async (
  connector: SimulatedConnector,
  context: StationContext,
  visit: Visit,
): Promise<void> => {
  const { chance } = context;
  const remote = connector.remoteStart;
  delete connector.remoteStart;
  delete connector.endWith;
  const tag = remote?.tag ?? visit.tag ?? context.tags.take(chance);
  const leavesAt = context.now() + visit.stayMs;
  connector.vehicle = visit.vehicle;
  connector.leavesAt = leavesAt;
  context.setStatus(connector, 'Preparing');
  if (!remote) {
    const authorization = await authorizationOf(tag, context);
    await context.pause(connector, visit.presentsTagMs ?? chance.between(second, 4 * second));
    if (authorization !== 'Accepted') {
      context.tags.release(tag);
      return leave(connector, context);
    }
  }
  if (connector.reservedFor?.tag === tag) delete connector.reservedFor;
  const transaction = begin(connector, tag, remote, context);
  await context.pause(connector, chance.between(second, 3 * second));
  const reason = await charge(connector, transaction, leavesAt, context);
  end(connector, transaction, reason, context);
  connector.softFault = false;
  if (reason === 'EmergencyStop') await breakDown(connector, context);
  else context.setStatus(connector, 'Finishing');
  await context.pause(connector, chance.between(2 * second, 8 * second));
  leave(connector, context);
};

const leave = (connector: SimulatedConnector, context: StationContext): void => {
  delete connector.vehicle;
  delete connector.leavesAt;
  delete connector.endWith;
  context.setStatus(connector, connector.operative ? 'Available' : 'Unavailable');
};
