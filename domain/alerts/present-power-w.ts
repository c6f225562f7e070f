import type { Connector } from '../connector/connector.ts';

/** Power counts while its sample is no older than this many of the connector's sampling intervals, and at least 3 minutes. */
const FRESH_INTERVALS = 3;
const FRESH_MS = 180_000;

/** What the connector draws now, W: its last sample while that is fresh, 0 without a session, undefined when nobody knows. */
export const presentPowerW = (connector: Connector, now: number): number | undefined => {
  const { session } = connector;
  if (!session || connector.status === 'offline') return session ? undefined : 0;
  if (session.powerW === undefined || session.sampledAt === undefined) return undefined;
  const freshMs = Math.max(FRESH_MS, FRESH_INTERVALS * (session.sampleIntervalMs ?? 0));
  return now - session.sampledAt <= freshMs ? session.powerW : undefined;
};

/** Present power of several connectors, summed; those nobody knows of count as nothing. */
export const totalPowerW = (connectors: readonly Connector[], now: number): number =>
  connectors.reduce((sum, connector) => sum + (presentPowerW(connector, now) ?? 0), 0);
