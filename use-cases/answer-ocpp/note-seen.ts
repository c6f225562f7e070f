import { boundedCache } from '../../async/bounded-cache.ts';
import type { System } from '../../async/system.ts';
import { within } from '../../async/within.ts';
import { QUARTER_HOUR_MS } from '../../domain/kernel/durations.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { StationConnectivity } from '../ports/station-connectivity.ts';

/** Notes that a station spoke at `at`; `knownAt` is an instant at which it is noted already (both ms since the epoch). */
export type NoteSeen = (stationId: string, at: number, knownAt: number) => Promise<void>;

/** A quarter-hour keeps the cost of "it is alive" at four writes an hour, and is short against 3 x 540 s of silence. */
const GAP_MS = QUARTER_HOUR_MS;
const REMEMBERED = 50_000;
/** A healthy write takes a tenth of it. The answer waits no longer; the write goes on beside it. */
const WAIT_MS = 200;

/**
 * At most one write per station and quarter-hour: this environment remembers what it noted, and the write's condition
 * tells it what others did. A note that fails, or that nobody answers, is no reason to leave a charger without its answer.
 */
export const noteSeen = (
  connectivity: Pick<StationConnectivity, 'seen'>,
  warn: SampledWarning,
  sleep: System['sleep'],
): NoteSeen => {
  const noted = boundedCache<string, number>(REMEMBERED);

  const note = async (stationId: string, at: number): Promise<void> => {
    try {
      noted.set(stationId, (await connectivity.seen(stationId, at, at - GAP_MS)) ?? at);
    } catch (error) {
      noted.delete(stationId);
      warn('lastSeenNotNoted', { stationId, error: String(error) });
    }
  };

  return async (stationId, at, knownAt) => {
    if (at - Math.max(knownAt, noted.get(stationId) ?? 0) < GAP_MS) return;
    noted.set(stationId, at); // before the write: messages that come meanwhile need not repeat it
    await within(note(stationId, at), WAIT_MS, sleep).catch((error: unknown) =>
      warn('lastSeenSlow', { stationId, error: String(error) }),
    );
  };
};
