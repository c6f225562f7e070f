import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import { energyByHour } from '../../domain/session/energy-by-slot.ts';
import type { Rejected, ReplayPlan } from './replay-plan.ts';

/** A session as the stores keep it; one that is still open has no end. */
export type StoredSession = Pick<
  EndedSession,
  'sessionId' | 'stationId' | 'transactionId' | 'startedAt' | 'energyWh' | 'curve' | 'flags'
> & {
  readonly tag?: string | undefined;
  readonly meterStartWh?: number | undefined;
  readonly meterStopWh?: number | undefined;
  readonly endedAt?: number;
};

/** Energy by the recording, and what the stack believes of it. */
export type SuspectSession = { readonly id: string; readonly recordedKwh: number; readonly believedKwh: number };

export type ReplayReport = {
  readonly rows: number;
  readonly sessions: number;
  readonly orphans: number;
  readonly rejected: readonly Rejected[];
  /** Sessions whose meter the stack does not believe. They count as recorded. */
  readonly suspect: readonly SuspectSession[];
  /** Stations that were sent under another id than the file's: the file's, and the one sent. */
  readonly stationIds: Readonly<Record<string, string>>;
  readonly energyKwh: number;
  /** Station id of the file to kWh. */
  readonly byStation: Readonly<Record<string, number>>;
  /** Month ("2018-10") to kWh, by meter deltas. */
  readonly byMonthUtc: Readonly<Record<string, number>>;
  /** Hour ("2018-10-22T05") to kWh, by meter deltas. */
  readonly byHourUtc: Readonly<Record<string, number>>;
  readonly maxConcurrent: { readonly count: number; readonly at: string | null };
};

/** What a session is known by at the charger and in the stores. Tags are the same in upper and lower case. */
export const sessionName = (stationId: string, tag: string | undefined): string => `${stationId} ${tag?.toUpperCase()}`;

type Closed = StoredSession & { readonly endedAt: number };

/** Neither left open, nor closed by inference, nor without a start, nor with a meter that went backwards. */
const isComplete = (session: StoredSession): session is Closed => {
  const { endedAt, flags, meterStartWh, meterStopWh } = session;
  const wentBack = meterStartWh !== undefined && meterStopWh !== undefined && meterStopWh < meterStartWh;
  return endedAt !== undefined && !wentBack && !flags.includes('inferredStop') && !flags.includes('orphan');
};

const isOrphan = ({ endedAt, flags }: StoredSession): boolean =>
  endedAt === undefined || flags.includes('inferredStop') || flags.includes('orphan');

/** kWh with six decimals: a thousandth of a Wh, the resolution everything is kept in. */
const kilowattHours = (energyWh: number): number => Math.round(energyWh * 1000) / 1_000_000;

const sums = (entries: readonly (readonly [key: string, energyWh: number])[]): Record<string, number> => {
  const totals = new Map<string, number>();
  for (const [key, energyWh] of entries) totals.set(key, (totals.get(key) ?? 0) + energyWh);
  return Object.fromEntries(
    [...totals].toSorted(([a], [b]) => a.localeCompare(b)).map(([key, energyWh]) => [key, kilowattHours(energyWh)]),
  );
};

const isoSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Most sessions at once and when that was first so. A session counts from its start until just before its end. */
export const maxConcurrent = (
  sessions: readonly { readonly startedAt: number; readonly endedAt: number }[],
): ReplayReport['maxConcurrent'] => {
  const steps = sessions
    .flatMap(({ startedAt, endedAt }) => [
      { at: startedAt, by: 1 },
      { at: endedAt, by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most: { count: number; at: string | null } = { count: 0, at: null };
  for (const { at, by } of steps) {
    now += by;
    if (now > most.count) most = { count: now, at: isoSecond(at) };
  }
  return most;
};

/**
 * A session whose meter the stack does not believe still counts with what that meter said: the recording is what is being
 * reported, and the flag is how it is told apart.
 */
const asMetered = (session: Closed): Closed => {
  const { flags, meterStartWh, meterStopWh, startedAt, endedAt } = session;
  if (!flags.includes('meterSuspect') || meterStartWh === undefined || meterStopWh === undefined) return session;
  const energyWh = meterStopWh - meterStartWh;
  return {
    ...session,
    energyWh,
    curve: [
      [0, 0],
      [(endedAt - startedAt) / 1000, energyWh],
    ],
  };
};

/** Which row of the file a session comes from, by what both are known by. */
const rowIds = ({ stations }: Pick<ReplayPlan, 'stations'>): ReadonlyMap<string, string> =>
  new Map(
    stations.flatMap(({ stationId, recordings }) =>
      recordings.map(({ id, tag }) => [sessionName(stationId, tag), id] as const),
    ),
  );

/** Totals of what the stores hold after the replay of a plan. */
export const replayReport = (plan: ReplayPlan, stored: readonly StoredSession[]): ReplayReport => {
  const believed = stored.filter(isComplete);
  const complete = believed.map(asMetered);
  const ids = rowIds(plan);
  const recordedAs = new Map(plan.stations.map(({ stationId, recordedAs: name }) => [stationId, name]));
  const hours = complete.flatMap(({ curve, startedAt }) =>
    energyByHour(curve, startedAt).map(({ startAt, energyWh }) => [new Date(startAt).toISOString(), energyWh] as const),
  );
  return {
    rows: plan.rows,
    sessions: complete.length,
    orphans: stored.filter(isOrphan).length,
    rejected: plan.rejected,
    suspect: believed.flatMap((session, index) =>
      session.flags.includes('meterSuspect')
        ? [
            {
              id: ids.get(sessionName(session.stationId, session.tag)) ?? session.sessionId,
              recordedKwh: kilowattHours(complete[index]?.energyWh ?? 0),
              believedKwh: kilowattHours(session.energyWh),
            },
          ]
        : [],
    ),
    stationIds: Object.fromEntries(
      [...recordedAs].filter(([sent, name]) => sent !== name).map(([sent, name]) => [name, sent]),
    ),
    energyKwh: kilowattHours(complete.reduce((sum, { energyWh }) => sum + energyWh, 0)),
    byStation: sums(complete.map(({ stationId, energyWh }) => [recordedAs.get(stationId) ?? stationId, energyWh])),
    byMonthUtc: sums(hours.map(([hour, energyWh]) => [hour.slice(0, 7), energyWh])),
    byHourUtc: sums(hours.map(([hour, energyWh]) => [hour.slice(0, 13), energyWh])),
    maxConcurrent: maxConcurrent(complete),
  };
};
