import pMap from 'p-map';
import { abandonedSessions } from '../../domain/fleet/abandoned-sessions.ts';
import { stationReturn, stationSilence } from '../../domain/fleet/station-silence.ts';
import { isClockInDoubt } from '../../domain/station/clock-learned.ts';
import type { SweepEnvelope } from '../../ocpp/frames/envelope.ts';
import type { Fleet } from '../ports/fleet-scan.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import { type AnyPart, anyPart } from '../sweep-fleet/sweep-part.ts';

/** Stations told at once: a shard takes 1,000 records a second, of which chargers need their part. */
const PUTS_AT_ONCE = 4;
/** Stations told in a run: a whole network that is gone is told over some minutes, and is not told again and again meanwhile. */
const STATIONS_PER_RUN = 2_500;

/**
 * Tells the stream what silence means: stations that are lost, or heard again without a word on the stream, and sessions that
 * will never end. Telling it again until the fold has taken it in is harmless. Returns how many findings there were.
 */
export const findLost =
  (stream: OcppStream) =>
  async ({ stations, connectors }: Fleet, now: number): Promise<number> => {
    const byStation = Map.groupBy(connectors, ({ stationId }) => stationId);
    const findings = stations.flatMap((station): SweepEnvelope[][] => {
      const own = byStation.get(station.stationId) ?? [];
      const connectorsSeenAt = Math.max(0, ...own.map(({ lastSeenAt }) => lastSeenAt));
      const watched = { ...station, connectorsSeenAt };
      const silence = stationSilence(watched, now);
      const back = stationReturn(watched, now);
      const isInDoubt = station.state !== undefined && isClockInDoubt(station.state);
      const envelope = { kind: 'sweep' as const, stationId: station.stationId, receivedAt: now };
      const found: SweepEnvelope[] = own.flatMap((connector) =>
        abandonedSessions(connector, isInDoubt, now).map((session) => ({
          ...envelope,
          finding: { type: 'SessionAbandoned' as const, ...session },
        })),
      );
      if (silence !== undefined) found.unshift({ ...envelope, finding: { type: 'StationLost', ...silence } });
      if (back !== undefined) found.unshift({ ...envelope, finding: { type: 'StationHeard', ...back } });
      return found.length === 0 ? [] : [found];
    });
    const tell = async (ofStation: readonly SweepEnvelope[]): Promise<void> => {
      for (const envelope of ofStation) await stream.put(envelope);
    };
    await pMap(findings.slice(0, STATIONS_PER_RUN), tell, { concurrency: PUTS_AT_ONCE });
    return findings.flat().length;
  };

/** Finding the lost as a part of the sweep: every segment finds its own. */
export const tellLost = (find: ReturnType<typeof findLost>): AnyPart =>
  anyPart<null, number>({
    begin: async () => ({
      orderFor: () => null,
      conclude: async (found) => ({ found: found.reduce<number>((sum, count) => sum + (count ?? 0), 0) }),
    }),
    inSegment: (fleet, _, now) => find(fleet, now),
  });
