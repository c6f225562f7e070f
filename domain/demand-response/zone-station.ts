import type { Connector } from '../connector/connector.ts';
import { connectorSortKey } from '../kernel/connector-key.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import type { Supply } from '../profile/charging-rate.ts';
import type { ProfileAbilities } from '../profile/written-profile.ts';
import { electricsOfConnector, maximumWOf, type RatedConnector } from '../registry/electrics.ts';
import type { Registration } from '../registry/registration.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { type CapabilityRecord, capabilitiesOf } from '../station/capability-record.ts';
import { keptWOf, type StationParticipation } from './participation.ts';

/** A station of a zone as it is now. */
export type ZoneStation = {
  readonly stationId: string;
  readonly siteId: string;
  /** What it draws, W; undefined where no connector that charges has a fresh sample. */
  readonly loadW: number | undefined;
  /** What its cars that charge need to charge at all, or what a contract says, W. */
  readonly floorW: number;
  /** What they keep in events of priority 3, W; the floor if absent. */
  readonly comfortW?: number;
  /** The same for a car at every connector, W: what is left to drivers who arrive during an event. */
  readonly minimumW: number;
  /** Its site gives nothing in events of priority 3: they leave it unlimited. */
  readonly isOptedOut?: true;
  /** All its connectors at full power, W. */
  readonly ratedW: number;
  readonly supply: Supply;
  /** What its profiles may be; what is absent is taken as able. */
  readonly abilities?: ProfileAbilities;
  /** Cars that charge, with what they draw, W: for stations that take no maximum for the whole. */
  readonly transactions: readonly {
    readonly evseId: number;
    readonly transactionId: string;
    readonly powerW: number;
  }[];
  /** Sort keys of its connectors, to read them again. */
  readonly connectorKeys: readonly string[];
};

/** What counts of a connector for the load of its zone. */
export type ZoneConnector = Pick<Connector, 'stationId' | 'evseId' | 'connectorId'> & {
  readonly session?: Pick<ActiveSession, 'transactionId' | 'tag' | 'powerW' | 'sampledAt'>;
};

/** What a station draws, W, by samples of which the oldest is from `at`, ms since the epoch. */
export type MeasuredLoad = { readonly powerW: number; readonly at: number };

/**
 * What a station draws now, W: the latest sample of each connector with a session, where it is fresh (no older than
 * `freshMs`). Undefined where none of them has one: nothing is known. Nothing charges: 0.
 */
const stationLoadW = (connectors: readonly ZoneConnector[], now: number, freshMs: number): number | undefined => {
  const sessions = connectors.flatMap(({ session }) => session ?? []);
  if (sessions.length === 0) return 0;
  const fresh = sessions.filter(({ sampledAt }) => sampledAt !== undefined && now - sampledAt <= freshMs);
  const powers = fresh.flatMap(({ powerW }) => powerW ?? []);
  return powers.length === 0 ? undefined : powers.reduce((sum, powerW) => sum + powerW, 0);
};

/** The same with the instant of its oldest sample, ms since the epoch; of a station at which nothing charges it is now. */
export const measuredLoad = (
  connectors: readonly ZoneConnector[],
  now: number,
  freshMs: number,
): MeasuredLoad | undefined => {
  const powerW = stationLoadW(connectors, now, freshMs);
  if (powerW === undefined) return undefined;
  const instants = connectors
    .flatMap(({ session }) => session?.sampledAt ?? [])
    .filter((sampledAt) => now - sampledAt <= freshMs);
  return { powerW, at: Math.min(now, ...instants) };
};

/** How the station as a whole is supplied: its limits are watts if any connector gives direct current. */
const supplyOf = (connectors: readonly RatedConnector[]): Supply => {
  const all = connectors.map(electricsOfConnector);
  const dc = all.find(({ current }) => current === 'DC');
  const first = dc ?? all.find(({ phases }) => phases === 3) ?? all[0];
  if (first === undefined) return { current: 'DC', voltageV: 230, phases: 3 };
  const { current, voltageV, phases } = first;
  return first.current === 'AC'
    ? { current, voltageV, phases, minimumA: first.minimumA }
    : { current, voltageV, phases };
};

/** A station of a zone as it is now, from the registry and the live state of its connectors. */
export const zoneStationOf = (
  { stationId, siteId, connectors }: Registration,
  live: readonly ZoneConnector[],
  capabilities: CapabilityRecord | undefined,
  participation: StationParticipation,
  now: number,
  freshMs: number,
): ZoneStation => {
  const { rateUnits, maxStackLevel, maxPeriods, hasStationMax } = capabilitiesOf(capabilities);
  const abilities = omitUndefined({ rateUnits, maxStackLevel, maxPeriods, hasStationMax });
  const charging = new Map(live.flatMap((one) => (one.session ? [[connectorSortKey(one), one.session] as const] : [])));
  const kept = connectors.flatMap((one) => {
    const session = charging.get(connectorSortKey(one));
    return session ? [keptWOf(stationId, one, participation, session.tag)] : [];
  });
  return {
    stationId,
    siteId,
    loadW: stationLoadW(live, now, freshMs),
    floorW: sum(kept.map(({ minimumW }) => minimumW)),
    comfortW: sum(kept.map(({ comfortW }) => comfortW)),
    minimumW: sum(connectors.map((one) => keptWOf(stationId, one, participation).minimumW)),
    ...(participation.site?.isOptedOut && { isOptedOut: true }),
    ratedW: sum(connectors.map(maximumWOf)),
    supply: supplyOf(connectors),
    ...(Object.keys(abilities).length > 0 && { abilities }),
    transactions: live.flatMap(({ evseId, session }) =>
      session ? [{ evseId, transactionId: session.transactionId, powerW: session.powerW ?? 0 }] : [],
    ),
    connectorKeys: connectors.map(connectorSortKey),
  };
};
