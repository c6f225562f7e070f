import { STANDBY_WH } from '../domain/session/register.ts';
import type { ConnectorRecord, StationRecord } from './charge-point/station-record.ts';

/** A connector as GraphQL shows it. */
export type SeenConnector = {
  readonly stationId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly status: string;
  readonly session: { readonly transactionId: string; readonly energyWh: number } | null;
};
/** An ended session as the stores keep it. */
export type SeenSession = {
  readonly stationId: string;
  readonly transactionId: string;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly energyWh: number;
};

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

/** What an operator should see: in 2.0.1 'Occupied' says as much as the transaction tells, and no more. */
const shownStatus = (ocpp: StationRecord['ocpp'], { status, state, transaction }: ConnectorRecord): string => {
  if (ocpp === '1.6' || status !== 'Occupied') return lowerFirst(status ?? 'unknown');
  return transaction ? lowerFirst(state) : 'occupied';
};

const placeOf = (stationId: string, { evseId, connectorId }: { evseId: number; connectorId: number }): string =>
  `${stationId} ${evseId}/${connectorId}`;

const connectorDifferences = (
  station: StationRecord,
  connector: ConnectorRecord,
  seen: SeenConnector | undefined,
): string[] => {
  const place = placeOf(station.stationId, connector);
  if (!seen) return [`${place}: not there`];
  const wanted = {
    status: shownStatus(station.ocpp, connector),
    transaction: connector.transaction?.transactionId ?? 'none',
    energyWh: connector.transaction?.energyWh ?? 0,
  };
  const found = {
    status: seen.status,
    transaction: seen.session?.transactionId ?? 'none',
    energyWh: seen.session?.energyWh ?? 0,
  };
  // A status nobody answered may have arrived or not: the station itself does not know.
  const isUnsure = connector.status === undefined;
  return (['status', 'transaction', 'energyWh'] as const)
    .filter((field) => wanted[field] !== found[field] && !(isUnsure && field === 'status'))
    .map((field) => `${place}: ${field} is ${found[field]}, the station says ${wanted[field]}`);
};

const sessionDifferences = (
  { stationId, transactions }: StationRecord,
  seen: ReadonlyMap<string, SeenSession>,
): string[] =>
  transactions.flatMap(({ transactionId, startedAt, endedAt, energyWh, reason }) => {
    const name = `${stationId} session ${transactionId}`;
    const found = seen.get(`${stationId} ${transactionId}`);
    // The stack refused its tag and nothing flowed: an event of the station, and no session.
    const isRefused = reason === 'DeAuthorized' && energyWh < STANDBY_WH;
    if (!found) return isRefused ? [] : [`${name}: not in the stores`];
    const wanted = { startedAt, endedAt, energyWh };
    return (['startedAt', 'endedAt', 'energyWh'] as const)
      .filter((field) => wanted[field] !== found[field])
      .map((field) => `${name}: ${field} is ${found[field]}, the station says ${wanted[field]}`);
  });

/** Where what the stack shows differs from what the stations know; empty when they agree. Every connector and every ended session. */
export const fleetDifferences = (
  recorded: readonly StationRecord[],
  connectors: readonly SeenConnector[],
  sessions: readonly SeenSession[],
): string[] => {
  const byPlace = new Map(connectors.map((connector) => [placeOf(connector.stationId, connector), connector]));
  const byId = new Map(sessions.map((session) => [`${session.stationId} ${session.transactionId}`, session]));
  return recorded.flatMap((station) => [
    ...station.connectors.flatMap((connector) =>
      connectorDifferences(station, connector, byPlace.get(placeOf(station.stationId, connector))),
    ),
    ...sessionDifferences(station, byId),
  ]);
};
