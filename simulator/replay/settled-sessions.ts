import { type Clock, sleep } from '../clock.ts';
import type { Recording, StationPlan } from './replay-plan.ts';
import { type StoredSession, sessionName } from './replay-report.ts';

/** Sessions that were delivered and answered, and that the stores do not hold. */
export class SessionsMissing extends Error {
  override readonly name = 'SessionsMissing';
  readonly ids: readonly string[];
  constructor(ids: readonly string[], waitedMs: number) {
    super(
      `${ids.length} delivered sessions are not in the stores after ${waitedMs / 1000} s: ${ids.slice(0, 5).join(', ')} ...`,
    );
    this.ids = ids;
  }
}

export type Settling = {
  readonly read: () => Promise<readonly StoredSession[]>;
  /** How many of the delivered sessions have arrived. */
  readonly seen: (arrived: number, of: number) => void;
  /** Nothing may change for this long before the stores count as settled. */
  readonly quietMs: number;
  /** Nothing new for this long, and sessions missing: they are lost. */
  readonly patienceMs: number;
};

const missingOf = (stations: readonly StationPlan[], stored: readonly StoredSession[]): Recording[] => {
  const states = new Map<string, StoredSession>();
  for (const session of stored) states.set(sessionName(session.stationId, session.tag), session);
  const isThere = (stationId: string, { tag, stop }: Recording) => {
    const session = states.get(sessionName(stationId, tag));
    return session !== undefined && (stop === undefined || session.endedAt !== undefined);
  };
  return stations.flatMap(({ stationId, recordings }) =>
    recordings.filter((recording) => !isThere(stationId, recording)),
  );
};

/** Reads until every delivered session has arrived and nothing changes any more. Throws SessionsMissing. */
export const settledSessions = async (
  stations: readonly StationPlan[],
  settling: Settling,
  clock: Clock,
): Promise<readonly StoredSession[]> => {
  const total = stations.reduce((sum, { recordings }) => sum + recordings.length, 0);
  let before = '';
  let changedAt = clock.elapsedMs();
  for (;;) {
    const stored = await settling.read();
    const missing = missingOf(stations, stored);
    settling.seen(total - missing.length, total);
    const now = JSON.stringify(
      stored.map(({ sessionId, endedAt, energyWh }) => [sessionId, endedAt, energyWh]).toSorted(),
    );
    if (now !== before) changedAt = clock.elapsedMs();
    before = now;
    const stillMs = clock.elapsedMs() - changedAt;
    if (missing.length === 0 && stillMs >= settling.quietMs) return stored;
    if (stillMs >= settling.patienceMs)
      throw new SessionsMissing(
        missing.map(({ id }) => id),
        settling.patienceMs,
      );
    await sleep(clock, 300);
  }
};
