import type { ReliefRequest } from '../../../domain/demand-response/grid-signal.ts';
import type { Measured } from '../../../domain/demand-response/verified-plan.ts';
import type { PlannedStation } from '../../../domain/demand-response/zone-plan.ts';
import type { ZoneStation } from '../../../domain/demand-response/zone-station.ts';
import type { StationContact } from '../commands/mailbox-store.ts';

/** A station of a zone with how it is reached: for somebody who commands it next. */
export type ReachedStation = { readonly station: ZoneStation; readonly contact: StationContact };

/** The stations of zones with what they draw. Eventually consistent. */
export type ZoneNetwork = {
  /** Which stations are in a zone: of them nothing is read. */
  readonly membersOf: (zoneId: string) => Promise<ReadonlySet<string>>;
  /** All stations of a zone, ordered by id. */
  readonly stationsOf: (zoneId: string, now: number) => Promise<readonly ZoneStation[]>;
  /** These stations, ordered by id; one that is not registered is left out. */
  readonly stationsBy: (stationIds: readonly string[], now: number) => Promise<readonly ZoneStation[]>;
  /** The same with how each is reached: both are told by one item. */
  readonly reachedBy: (stationIds: readonly string[], now: number) => Promise<readonly ReachedStation[]>;
  /** Zones in which a site has stations, ordered by id. */
  readonly zonesOfSite: (siteId: string) => Promise<readonly string[]>;
  /** The time zone of what a signal asks: of its first station by id; UTC where there is none any more. */
  readonly timeZoneOf: (asked: ReliefRequest) => Promise<string>;
  /** What these stations draw now, by id; those without a fresh sample are left out. */
  readonly loadsOf: (
    stations: readonly Pick<PlannedStation, 'stationId' | 'connectorKeys'>[],
    now: number,
  ) => Promise<Measured>;
};
