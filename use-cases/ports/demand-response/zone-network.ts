import type { Measured, PlannedStation, ZoneStation } from '../../../domain/demand-response/zone-plan.ts';

/** The stations of zones with what they draw. Eventually consistent. */
export type ZoneNetwork = {
  /** Of the whole zone, or without those of `except`: of them nothing is read. */
  readonly stationsOf: (zoneId: string, now: number, except?: ReadonlySet<string>) => Promise<readonly ZoneStation[]>;
  /** Zones in which a site has stations, ordered by id. */
  readonly zonesOfSite: (siteId: string) => Promise<readonly string[]>;
  /** What these stations draw now, by id; those without a fresh sample are left out. */
  readonly loadsOf: (
    stations: readonly Pick<PlannedStation, 'stationId' | 'connectorKeys'>[],
    now: number,
  ) => Promise<Measured>;
};
