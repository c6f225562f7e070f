import { SECOND_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type ActiveSession, flagged } from './active-session.ts';
import { CLOSED, type Corridor, roundWh, secondsIn } from './meter-curve.ts';
import { NO_TIMES, type ReadingTimes, shiftedTimes, withLateTime } from './reading-times.ts';
import { energyBy, plausibleWh, type Register } from './register.ts';

/** What an earlier message of a session changes: an open session has it, and the record of an ended one. */
type Extensible = {
  readonly startedAt: number;
  readonly energyWh: number;
  readonly curve: Curve;
  readonly meterStartWh?: number;
  readonly register?: Register;
  readonly corridor?: Corridor;
  readonly times?: ReadingTimes;
};

/** Energy between the register of the start and the first reading that was known, if it can have been delivered. */
const missedWh = ({ register, startedAt }: Extensible, fact: SessionStarted, at: number, ratedW: number): number => {
  const { meterStartWh } = fact;
  if (meterStartWh === undefined || register === undefined || register.factor !== 1 || register.carriedWh !== 0)
    return 0;
  const missed = roundWh(register.zeroWh - meterStartWh);
  return missed > 0 && missed <= plausibleWh(ratedW, startedAt - at) ? missed : 0;
};

/**
 * The session with energy that was delivered before all it knew: it begins at `at` if that is earlier, has delivered nothing
 * until `fromAt`, and `wh` from there to what its curve told first.
 */
const extended = <T extends Extensible>(session: T, at: number, fromAt: number, wh: number): T => {
  const startedAt = Math.min(at, session.startedAt);
  const shiftSec = secondsIn(startedAt, session.startedAt);
  const fromSec = secondsIn(startedAt, fromAt);
  const shifted = session.curve.map(([sec, energyWh]) => [sec + shiftSec, roundWh(energyWh + wh)] as const);
  // Where several readings stand at the old start, the earlier ones were but the zero the curve began with.
  const later = shifted.filter(([sec], index) => sec > fromSec && (sec > shiftSec || shifted[index + 1]?.[0] !== sec));
  const { register } = session;
  return {
    ...session,
    startedAt,
    energyWh: roundWh(session.energyWh + wh),
    ...(register && wh > 0 ? { register: { ...register, zeroWh: roundWh(register.zeroWh - wh) } } : {}),
    ...(session.corridor ? { corridor: CLOSED } : {}),
    times: withLateTime(shiftedTimes(session.times ?? NO_TIMES, shiftSec), fromSec),
    curve: [[0, 0], ...(fromSec > 0 ? [[fromSec, 0] as const] : []), ...later],
  };
};

/** The tag of a session after its start was told: a refused one is none. */
export const tagAfterStart = (
  { tag: known }: Pick<ActiveSession, 'tag'>,
  { tag = known, tagVerdict }: SessionStarted,
): string | undefined => (tagVerdict === undefined ? tag : known);

/**
 * A session that was known from a later message on, once its start is told: it begins then, and what it delivered before is
 * part of it. `at` is the time of the start.
 */
export const withEarlierStart = (
  session: ActiveSession,
  fact: SessionStarted,
  at: number,
  ratedW: number,
): ActiveSession => {
  const { startUnknown: _, ...known } = session;
  const { meterStartWh = session.meterStartWh, remoteStartId = session.remoteStartId } = fact;
  const learned = { ...known, ...omitUndefined({ tag: tagAfterStart(session, fact), meterStartWh, remoteStartId }) };
  const believed = fact.meterRefused ? flagged(learned, 'meterSuspect') : learned;
  return at >= session.startedAt ? believed : extended(believed, at, at, missedWh(session, fact, at, ratedW));
};

/**
 * A session with a register reading from before all that it knew; the same session if the reading is not, or cannot be, one.
 * While its start is unknown the session begins no later than the reading. Where no register of its start is known, what its
 * register shows less than at the first reading was delivered since.
 */
export const withEarlierReading = <T extends Extensible>(
  session: T,
  isStartUnknown: boolean,
  at: number,
  rawWh: number,
  ratedW: number,
): T => {
  const { startedAt, register, meterStartWh, curve } = session;
  const isBefore = isStartUnknown && at < startedAt;
  if (register === undefined || register.carriedWh !== 0 || (at < startedAt && !isBefore)) return session;
  const toldWh = roundWh(energyBy(register, rawWh));
  const missed = Math.max(0, -toldWh);
  if (meterStartWh === undefined ? toldWh > 0 : toldWh < 0) return session;
  if (missed === 0 && !isBefore) return session;
  const next = curve.find(([sec]) => sec > secondsIn(startedAt, at));
  const nextAt = startedAt + (next?.[0] ?? 0) * SECOND_MS;
  const isFirst = next !== undefined && curve.every(([sec, wh]) => sec >= next[0] || wh === 0);
  return isFirst && missed <= plausibleWh(ratedW, nextAt - at) ? extended(session, at, at, missed) : session;
};
