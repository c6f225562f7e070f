import type { Progress } from './dialect.ts';
import { breakDown, misfortune } from './faults.ts';
import { count, offeredW, sampleOf } from './meter.ts';
import type { Plug, Reason, Status, Transaction } from './simulated-connector.ts';
import type { Scene } from './station-context.ts';
import { arrivingVehicle } from './vehicle.ts';

const second = 1000;
const minute = 60 * second;

const statusOf: Record<Progress, Status> = {
  authorized: 'Preparing',
  charging: 'Charging',
  suspendedEV: 'SuspendedEV',
  suspendedEVSE: 'SuspendedEVSE',
};

const progressOf = (plug: Plug, at: number): Progress => {
  if (plug.powerW > 0 || plug.softFault) return 'charging';
  return offeredW(plug, at) <= 0 ? 'suspendedEVSE' : 'suspendedEV';
};

const begin = (plug: Plug, tag: string, remoteStartId: number | undefined, scene: Scene): Transaction => {
  const { dialect, chance, now } = scene;
  if (scene.sessionRegister) plug.registerWh = 0;
  plug.powerW = 0;
  count(plug, now(), chance);
  const transaction: Transaction = {
    tag,
    startedAt: plug.countedAt,
    meterStartWh: Math.floor(plug.registerWh),
    seqNo: 0,
    knownWh: 0,
    knownAt: plug.countedAt,
    ...(dialect.protocol === 'ocpp1.6' ? {} : { transactionId: crypto.randomUUID() }),
    ...(remoteStartId === undefined ? {} : { remoteStartId }),
  };
  plug.transaction = transaction;
  scene.transact(dialect.started(plug, transaction, sampleOf(plug, chance)), (answer) => {
    const { verdict, transactionId } = dialect.heard(answer);
    if (transactionId !== undefined) transaction.transactionId = transactionId;
    if (verdict === undefined || verdict === 'Accepted' || plug.transaction !== transaction) return;
    plug.endWith = 'DeAuthorized';
    plug.wake();
  });
  return transaction;
};

const progress = (plug: Plug, transaction: Transaction, to: Progress, scene: Scene): void => {
  if (plug.status === statusOf[to]) return;
  scene.setStatus(plug, statusOf[to]);
  const said = scene.dialect.progressed(plug, transaction, scene.now(), to);
  if (said) scene.transact(said, () => {});
};

const sample = (plug: Plug, transaction: Transaction, scene: Scene): void => {
  const seen = sampleOf(plug, scene.chance);
  scene.transact(scene.dialect.sampled(plug, transaction, seen, scene.identity), () => {
    transaction.knownWh = Math.floor(seen.registerWh) - transaction.meterStartWh;
    transaction.knownAt = seen.at;
  });
};

const end = (plug: Plug, transaction: Transaction, reason: Reason, scene: Scene): void => {
  count(plug, scene.now(), scene.chance);
  const seen = sampleOf(plug, scene.chance);
  delete plug.transaction;
  plug.powerW = 0;
  plug.profiles = plug.profiles.filter(({ purpose }) => purpose !== 'TxProfile');
  const { evseId, connectorId } = plug;
  scene.transact(scene.dialect.ended(plug, transaction, seen, reason), () =>
    scene.sessionEnded({
      evseId,
      connectorId,
      transactionId: String(transaction.transactionId ?? -1),
      tag: transaction.tag,
      startedAt: transaction.startedAt,
      endedAt: seen.at,
      energyWh: Math.floor(seen.registerWh) - transaction.meterStartWh,
      reason,
    }),
  );
};

/** Charges until the car leaves, the CSMS or the driver stops it, or something breaks. Returns why it ended. */
const charge = async (plug: Plug, transaction: Transaction, scene: Scene): Promise<Reason> => {
  const { chance, now } = scene;
  const stay = plug.alternating ? chance.between(40 * minute, 300 * minute) : chance.between(10 * minute, 50 * minute);
  const leavesAt = now() + Math.max(30 * second, stay / scene.rate);
  const { faultAt, softFaultAt, softFaultMs } = misfortune(scene);
  for (;;) {
    plug.softFault = now() >= softFaultAt && now() < softFaultAt + softFaultMs;
    count(plug, now(), chance);
    if (plug.endWith) return plug.endWith;
    if (now() >= faultAt) return 'EmergencyStop';
    if (now() >= leavesAt) return plug.alternating ? 'EVDisconnected' : 'Local';
    progress(plug, transaction, progressOf(plug, now()), scene);
    if (plug.countedAt > transaction.startedAt) sample(plug, transaction, scene);
    await scene.pause(plug, scene.sampleMs);
  }
};

/** One car at one plug, from plugging in to driving off. */
export const visit = async (plug: Plug, scene: Scene): Promise<void> => {
  const { chance, dialect } = scene;
  const remote = plug.remoteStart;
  delete plug.remoteStart;
  delete plug.endWith;
  const tag = remote?.tag ?? chance.pick(scene.tags);
  plug.vehicle = arrivingVehicle(chance);
  scene.setStatus(plug, 'Preparing');
  if (!remote) {
    const answer = await scene.ask(dialect.authorize(tag));
    const verdict = answer ? dialect.heard(answer).verdict : 'Accepted';
    await scene.pause(plug, chance.between(second, 4 * second));
    if (verdict !== 'Accepted') return leave(plug, scene);
  }
  const transaction = begin(plug, tag, remote?.remoteStartId, scene);
  await scene.pause(plug, chance.between(second, 3 * second));
  const reason = await charge(plug, transaction, scene);
  end(plug, transaction, reason, scene);
  plug.softFault = false;
  if (reason === 'EmergencyStop') await breakDown(plug, scene);
  else scene.setStatus(plug, 'Finishing');
  await scene.pause(plug, chance.between(2 * second, 8 * second));
  leave(plug, scene);
};

const leave = (plug: Plug, scene: Scene): void => {
  delete plug.vehicle;
  delete plug.endWith;
  plug.powerW = 0;
  scene.setStatus(plug, plug.operative ? 'Available' : 'Unavailable');
};
