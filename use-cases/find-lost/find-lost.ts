import { abandonedSessions } from '../../domain/fleet/abandoned-sessions.ts';
import { stationSilence } from '../../domain/fleet/station-silence.ts';
import type { SweepEnvelope } from '../../ocpp/frames/envelope.ts';
import type { Fleet } from '../ports/fleet-scan.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';

/**
 * Tells the stream what silence means: stations that are lost, sessions that will never end. Telling it again until the
 * fold has taken it in is harmless. Returns how many findings there were.
 */
export const findLost =
  (stream: OcppStream) =>
  async ({ stations, connectors }: Fleet, now: number): Promise<number> => {
    const byStation = Map.groupBy(connectors, ({ stationId }) => stationId);
    const found: SweepEnvelope[] = [];
    for (const station of stations) {
      const own = byStation.get(station.stationId) ?? [];
      const connectorsSeenAt = Math.max(0, ...own.map(({ lastSeenAt }) => lastSeenAt));
      const silence = stationSilence({ ...station, connectorsSeenAt }, now);
      const envelope = { kind: 'sweep' as const, stationId: station.stationId, receivedAt: now };
      if (silence !== undefined) found.push({ ...envelope, finding: { type: 'StationLost', ...silence } });
      for (const connector of own)
        for (const session of abandonedSessions(connector, now))
          found.push({ ...envelope, finding: { type: 'SessionAbandoned', ...session } });
    }
    for (const envelope of found) await stream.put(envelope);
    return found.length;
  };
