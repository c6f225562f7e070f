import type { ChargingProfile, ChargingRate, ProfileChange, SchedulePeriod } from '../kernel/charging-profile.ts';
import type { LimitsReported, ProfilesChanged } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { rateW, type Supply } from '../profile/charging-rate.ts';
import { limitAt } from '../profile/limit-in-force.ts';
import {
  afterBoot,
  afterTransaction,
  isUnknown,
  type Possibility,
  type ProfileEntry,
  type ProfileLog,
  possibilities,
  settledAs,
  withOutcome,
} from '../profile/profile-log.ts';
import type { ActiveSession } from '../session/active-session.ts';
import type { Connector } from './connector.ts';
import { limitContext, limitedTransaction } from './connector-limit-at.ts';
import { withReplacedLimit } from './replaced-limits.ts';

const NONE: ProfileLog = [];

const toTenth = (watts: number): number => Math.round(10 * watts) / 10;

/** A profile in watts, as the EVSE is supplied. Without phases: what is kept of it is what it limits to. */
const inWatts = (profile: ChargingProfile, supply: Supply): ChargingProfile => {
  const { minRate: _, ...schedule } = profile.schedule;
  const periods = schedule.periods.map((period) => ({
    startSec: period.startSec,
    limitW: toTenth(rateW(period, supply)),
  }));
  return { ...profile, schedule: { ...schedule, periods } };
};

/** A change as it concerns a connector: in watts, and with the transaction a profile is for where OCPP 1.6 left it out. */
const changeHere = ({ session }: Connector, change: ProfileChange, supply: Supply): ProfileChange => {
  if (change.type !== 'set') return change;
  const profile = inWatts(change.profile, supply);
  if (profile.forStart !== undefined) return { type: 'set', profile };
  const { purpose, transactionId = session?.transactionId } = profile;
  return { type: 'set', profile: purpose === 'tx' ? { ...profile, ...omitUndefined({ transactionId }) } : profile };
};

const withProfiles = (connector: Connector, profiles: ProfileLog): Connector => {
  if (profiles === (connector.profiles ?? NONE)) return connector;
  const { profiles: _, ...rest } = connector;
  return profiles.length === 0 ? rest : { ...rest, profiles };
};

/** Whether a profile is for a transaction that is over: it went with it, whenever its acceptance is told. */
const isForEnded = (change: ProfileChange, { recent }: Connector): boolean => {
  const endedId = change.type === 'set' && change.profile.purpose === 'tx' ? change.profile.transactionId : undefined;
  return recent.some(({ phase, transactionId }) => phase !== 'inferred' && transactionId === endedId);
};

/** An entry of the log for a fact. */
export const profileEntry = (fact: ProfilesChanged, change: ProfileChange): ProfileEntry => ({
  ...change,
  commandId: fact.commandId,
  sentAt: fact.sentAt,
  ...(!fact.isSettled && { unsettled: true }),
  ...omitUndefined({ isWrittenHere: fact.isWrittenHere }),
});

/** A command changed the profiles of the station, or may have. `supply`: of this connector, as it is registered. */
export const profilesChanged = (connector: Connector, fact: ProfilesChanged, supply: Supply): Connector => {
  if (isForEnded(fact.change, connector)) return connector;
  const entry = profileEntry(fact, changeHere(connector, fact.change, supply));
  const profiles = withOutcome(connector.profiles ?? NONE, entry, connector.evseId, fact.receivedAt);
  return withReplacedLimit(connector, withProfiles(connector, profiles), fact.sentAt);
};

/** A connector that is new takes over what limits the station as a whole. */
export const profilesInherited = (connector: Connector, station: ProfileLog, supply: Supply): Connector =>
  withProfiles(
    connector,
    station.map((entry) => (entry.type === 'set' ? { ...entry, profile: inWatts(entry.profile, supply) } : entry)),
  );

/** The profiles of a transaction end with it, and what they replaced is of no use any more. */
export const profilesAfterTransaction = (connector: Connector, ended: ActiveSession): Connector => {
  const { replacedLimits: _, ...rest } = connector;
  return withProfiles(rest, afterTransaction(connector.profiles ?? NONE, limitedTransaction(ended)));
};

/** The station restarted. */
export const profilesAfterBoot = (connector: Connector, bootedAt: number): Connector =>
  withProfiles(connector, afterBoot(connector.profiles ?? NONE, bootedAt));

/** A reported limit may be off by a rounded tenth of an ampere or by a hundredth. */
const isSame = (oneW: number, otherW: number, { voltageV, phases }: Supply): boolean =>
  Math.abs(oneW - otherW) <= Math.max(0.1 * voltageV * phases + 1, 0.01 * Math.max(oneW, otherW));

/** Clocks and answers take a moment: just around an edge the two may differ. */
const AROUND_EDGE_MS = 5_000;
const PIECE_MS = 20_000;

/** Whether a way the open commands may have gone agrees with what the station says it limits to. */
const agrees = (
  { profiles }: Possibility,
  { sentAt, periods, durationSec }: LimitsReported,
  connector: Connector,
  supply: Supply,
): boolean => {
  const { ratedW } = connector.place;
  const mostW = ratedW > 0 ? ratedW : Number.POSITIVE_INFINITY;
  const context = limitContext(connector);
  const reportedW = (at: number): number => {
    const period: (ChargingRate & SchedulePeriod) | undefined = periods.findLast(
      ({ startSec }) => sentAt + startSec * 1000 <= at,
    );
    return period === undefined ? mostW : Math.min(mostW, rateW(period, supply));
  };
  for (let at = sentAt + AROUND_EDGE_MS; at < sentAt + durationSec * 1000; at += PIECE_MS) {
    const hereW = Math.min(mostW, limitAt(profiles, context, at)?.limitW ?? mostW);
    const around = [at - AROUND_EDGE_MS, at, at + AROUND_EDGE_MS];
    if (!around.some((instant) => isSame(hereW, reportedW(instant), supply))) return false;
  }
  return true;
};

/** The station said what holds: commands that it did not answer turn out to have been carried out or not. */
export const limitsReported = (connector: Connector, fact: LimitsReported, supply: Supply): Connector => {
  const { profiles } = connector;
  if (profiles === undefined || fact.evseId !== connector.evseId || isUnknown(profiles)) return connector;
  if (!profiles.some(({ unsettled }) => unsettled)) return connector;
  const ways = possibilities(profiles)?.filter((way) => agrees(way, fact, connector, supply)) ?? [];
  return withProfiles(connector, settledAs(profiles, ways, connector.evseId, fact.receivedAt));
};
