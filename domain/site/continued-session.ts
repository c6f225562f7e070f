import { SETTLE_MS } from '../charging/drawn-power.ts';
import { isNearLimit, noteUse, nothingUnused, type UnusedShare } from '../charging/unused-share.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Conductors } from '../session/used-conductors.ts';
import { isForMorePhases, limitOf } from './session-limits.ts';
import type { SiteConnector } from './site-event.ts';
import type { Limit, PowerSample, SiteSession } from './site-state.ts';
import type { ToldLimits } from './told-limits.ts';

/** Limits in amperes lose this much in rounding. */
const SAME_W = 70;
/** Less power than this says nothing of the conductors a car draws from. */
const TELLS_CONDUCTORS_W = 1_000;

/**
 * What a car draws from now. More conductors than it was thought to use count at once. Fewer count only by a reading of a car that
 * charges under a limit for all of them: otherwise nobody can tell the car from its limit.
 */
const conductorsAfter = (
  { conductors: known, accepted }: SiteSession,
  { conductors: told, sampledAt = 0, powerW = 0 }: NonNullable<SiteConnector['session']>,
): Conductors | undefined => {
  if (told === undefined || (known !== undefined && told.length > known.length)) return told;
  const isSettled = accepted === undefined || (accepted.phases === undefined && accepted.at + SETTLE_MS <= sampledAt);
  return isSettled && powerW >= TELLS_CONDUCTORS_W ? told : known;
};

/**
 * How much of its limit a session takes, by one more sample. A car below its limit had the time to follow it since it was raised:
 * that a limit was lowered is no reason to draw less than it. One that is near its limit took it, however short a time ago that was
 * raised; the next sample would be no news, and would not be told.
 */
const useAfter = (
  { accepted, raisedAt, use, conductors }: Pick<SiteSession, 'accepted' | 'raisedAt' | 'use' | 'conductors'>,
  sample: PowerSample | undefined,
  isSuspended: boolean,
): UnusedShare => {
  if (sample === undefined || accepted === undefined || isForMorePhases(accepted, conductors)) return use;
  const { limitW } = accepted;
  const changedAt = sample.powerW < limitW ? (raisedAt ?? accepted.at) : accepted.at;
  const isTaken = limitW > 0 && isNearLimit({ limitW, measuredW: sample.powerW });
  if (changedAt + SETTLE_MS > sample.at && !isTaken) return use;
  return noteUse(use, { at: sample.at, limitW, measuredW: sample.powerW, isSuspended });
};

/** The last two samples with one more; one that is not later is no new one. */
const withSample = (samples: readonly PowerSample[], { sampledAt, powerW }: NonNullable<SiteConnector['session']>) => {
  const last = samples.at(-1);
  if (sampledAt === undefined || powerW === undefined || (last !== undefined && sampledAt <= last.at)) return samples;
  return [...samples, { at: sampledAt, powerW }].slice(-2);
};

const latest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/** Whether images that know of commands up to an instant know of a limit; images of earlier versions do not say. */
const isKnownBy = (profilesAt: number | undefined, { sentAt, at }: Limit): boolean =>
  profilesAt === undefined || profilesAt >= (sentAt ?? at);

type HeldLimits = Pick<SiteSession, 'accepted' | 'inFlight' | 'unanswered' | 'overruled' | 'profilesAt'>;

/**
 * What limits that were never answered came to, where the station's own word tells: one of them holds, or the one before them, or
 * none. An image that does not know of what was sent last is about what was before.
 */
const withHeldLimit = <Session extends HeldLimits>(
  session: Session,
  { limitW, setpointAt, isSetpointOpen }: ToldLimits,
): Session => {
  const { accepted, inFlight, unanswered = [], ...others } = session;
  const { profilesAt } = session;
  const last = inFlight ?? unanswered.at(-1);
  if (limitW === undefined || isSetpointOpen || last === undefined || !isKnownBy(profilesAt, last)) return session;
  if (profilesAt !== undefined && setpointAt === undefined) return others as Session;
  const possible = [inFlight, accepted, ...unanswered.toReversed()].filter((limit) => limit !== undefined);
  const found =
    possible.find(({ sentAt }) => sentAt !== undefined && sentAt === setpointAt) ??
    possible.find((limit) => Math.abs(limit.limitW - limitW) < SAME_W);
  return found === undefined ? session : ({ ...others, accepted: { ...limitOf(found), at: last.at } } as Session);
};

/**
 * Without an accepted limit that its station no longer holds: it was cleared or replaced. After a restart, and after a command of
 * somebody else that was not answered, it may hold or not.
 */
const withoutLost = <Session extends HeldLimits>(
  session: Session,
  { limitW, setpointAt, isSetpointOpen }: ToldLimits,
): Session => {
  const { accepted, unanswered = [], ...others } = session;
  if (accepted === undefined || session.profilesAt === undefined || !isKnownBy(session.profilesAt, accepted))
    return session;
  if (setpointAt !== undefined && setpointAt >= (accepted.sentAt ?? accepted.at)) return session;
  const open = limitW === undefined || isSetpointOpen ? [limitOf(accepted), ...unanswered] : unanswered;
  return { ...others, ...(open.length > 0 && { unanswered: open }) } as Session;
};

/** With what is in force in place of an accepted limit, or of the fall-back, as far as it is more. */
const withOverruled = <Session extends HeldLimits>(
  session: Session,
  { limitW, profilesAt }: ToldLimits,
  fallbackW: number | undefined,
  at: number,
): Session => {
  const { overruled, ...others } = session;
  const { accepted } = session;
  if (limitW === undefined || profilesAt === undefined) return session;
  if (accepted !== undefined && !isKnownBy(session.profilesAt, accepted)) return session;
  const ownW = accepted?.limitW ?? fallbackW ?? Number.POSITIVE_INFINITY;
  if (limitW <= ownW + SAME_W) return others as Session;
  const since = accepted === undefined ? undefined : (overruled?.since ?? at);
  return { ...others, overruled: { limitW, ...omitUndefined({ since }) } } as Session;
};

/**
 * What a session holds by what the station itself has said since. While a limit is on its way the site knows more than an image.
 */
const withWordOfStation = <Session extends HeldLimits>(
  session: Session,
  told: ToldLimits,
  fallbackW: number | undefined,
  at: number,
): Session => {
  const { inFlight } = session;
  const profilesAt = latest(session.profilesAt, told.profilesAt);
  const known = { ...session, ...omitUndefined({ profilesAt }) };
  if (inFlight !== undefined && inFlight.unansweredAt === undefined) return known;
  return withOverruled(withoutLost(withHeldLimit(known, told), told), told, fallbackW, at);
};

/** The session that a connector shows, as it begins for its site; `seenAt`: when it was seen first, ms. */
export const openedSession = ({ session, ...connector }: SiteConnector, seenAt: number): SiteSession | undefined =>
  session && {
    ...withOverruled({}, session, connector.fallbackW, seenAt),
    stationId: connector.stationId,
    evseId: connector.evseId,
    connectorId: connector.connectorId,
    sessionId: session.sessionId,
    transactionId: session.transactionId,
    startedAt: session.startedAt,
    seenAt,
    rev: connector.rev,
    isOffline: connector.isOffline,
    turn: { kind: 'arrived', since: session.startedAt },
    use: nothingUnused,
    reasons: [],
    samples: withSample([], session),
    energyWh: session.energyWh,
    ...omitUndefined({
      fallbackW: connector.fallbackW,
      socPercent: session.socPercent,
      conductors: session.conductors,
      profilesAt: session.profilesAt,
      suspendedAt: session.isSuspendedByCar ? (session.sampledAt ?? session.startedAt) : undefined,
    }),
  };

/** A session by a later image of its connector, seen at `at`, ms; one without a session says nothing of it. */
export const continuedSession = (
  known: SiteSession,
  { session, rev, isOffline, fallbackW }: SiteConnector,
  at: number,
): SiteSession => {
  if (session === undefined) return known;
  const { suspendedAt, socPercent, fallbackW: _, conductors: __, ...others } = known;
  const conductors = conductorsAfter(known, session);
  const samples = withSample(known.samples, session);
  return {
    ...(known.rev < rev ? withWordOfStation(others, session, fallbackW, at) : others),
    rev,
    isOffline,
    samples,
    use:
      samples === known.samples
        ? known.use
        : useAfter({ ...others, ...omitUndefined({ conductors }) }, samples.at(-1), session.isSuspendedByCar),
    energyWh: session.energyWh,
    ...omitUndefined({
      fallbackW,
      conductors,
      socPercent: session.socPercent ?? socPercent,
      suspendedAt: session.isSuspendedByCar ? (suspendedAt ?? session.sampledAt ?? known.startedAt) : undefined,
    }),
  };
};
