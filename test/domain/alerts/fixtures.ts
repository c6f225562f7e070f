import type { SiteSnapshot } from '../../../domain/alerts/site-snapshot.ts';
import type { StationSnapshot } from '../../../domain/alerts/station-snapshot.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { StatusReport } from '../../../domain/connector/status-report.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import type { ActiveSession } from '../../../domain/session/active-session.ts';
import type { StationState } from '../../../domain/station/station-state.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Noon of an ordinary day; every instant of these tests is told in minutes from it. */
export const noon = Date.parse('2026-11-20T12:00:00.000Z');
export const minute = (minutes: number): number => noon + minutes * MINUTE;

export const report = (patch: Partial<StatusReport> = {}): StatusReport => ({
  status: 'available',
  vendorStatus: 'Available',
  at: minute(-30),
  receivedAt: minute(-30),
  ...patch,
});

/** A healthy, available connector. */
export const connector = (patch: Partial<Connector> = {}): Connector => ({
  stationId: 'CS-1',
  evseId: 1,
  connectorId: 1,
  place: {
    siteId: 'site-1',
    zoneId: 'zone-1',
    region: 'north',
    timeZone: 'Europe/Berlin',
    connectorType: 'CCS',
    ratedW: 50_000,
    vendor: 'Example',
    model: 'Fifty',
    firmware: '1.0',
  },
  status: 'available',
  statusAt: minute(-30),
  report: report(),
  recent: [],
  lastSeenAt: minute(-1),
  guard: '01#1',
  rev: 7,
  outbox: [],
  ...patch,
});

/** A session that began at noon and is delivering 40 kW, sampled every minute, as of `nowMinutes`. */
export const session = (nowMinutes: number, patch: Partial<ActiveSession> = {}): ActiveSession => ({
  sessionId: 'session-1',
  transactionId: '1',
  startedAt: noon,
  energyWh: (40_000 * nowMinutes) / 60,
  powerW: 40_000,
  sampledAt: minute(nowMinutes),
  sampleIntervalMs: MINUTE,
  deliveredAt: minute(nowMinutes),
  curve: [
    [0, 0],
    [nowMinutes * 60, (40_000 * nowMinutes) / 60],
  ],
  flags: [],
  ...patch,
});

export const charging = (nowMinutes: number, patch: Partial<ActiveSession> = {}): Connector =>
  connector({
    status: 'charging',
    statusAt: noon,
    report: report({ status: 'charging', vendorStatus: 'Charging', at: noon }),
    session: session(nowMinutes, patch),
    lastSeenAt: minute(nowMinutes),
  });

export const stationState = (patch: Partial<StationState> = {}): StationState => ({
  stationId: 'CS-1',
  presence: { kind: 'online', since: minute(-60) },
  guard: '01#1',
  rev: 7,
  outbox: [],
  ...patch,
});

/** A healthy, connected station that was heard of a minute before noon. */
export const station = (patch: Partial<StationSnapshot> = {}): StationSnapshot => ({
  stationId: 'CS-1',
  registration: {
    stationId: 'CS-1',
    siteId: 'site-1',
    zoneId: 'zone-1',
    region: 'north',
    timeZone: 'Europe/Berlin',
    contractMaxW: 60_000,
    connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
    admission: 'accepted',
  },
  connectivity: { connectionId: 'socket-1', connectedAt: minute(-60) },
  lastSeenAt: minute(-1),
  state: stationState(),
  ...patch,
});

export const site = (patch: Partial<SiteSnapshot> = {}): SiteSnapshot => ({
  siteId: 'site-1',
  zoneId: 'zone-1',
  region: 'north',
  chargingW: 80_000,
  chargingConnectors: 2,
  ...patch,
});

/** A note on the station's outbox, as the fold keeps what has no state. */
export const noted = (
  topic: string,
  detail: Readonly<Record<string, unknown>>,
  at: number,
  id = `note/${at}`,
): StateChange => ({
  type: 'StationEventRecorded',
  id,
  at,
  receivedAt: at,
  topic,
  detail,
});

/** What a connector holds whose station has accepted a limit for every transaction. */
export const limitedTo = (limitW: number, sentMinutes = 0): Pick<Connector, 'profiles'> => ({
  profiles: [
    {
      type: 'set',
      commandId: `limit-${limitW}`,
      sentAt: minute(sentMinutes),
      profile: {
        purpose: 'tx-default',
        evseId: 1,
        stackLevel: 0,
        profileId: 1,
        schedule: { kind: 'absolute', startAt: minute(sentMinutes), periods: [{ startSec: 0, limitW }] },
      },
    },
  ],
});
