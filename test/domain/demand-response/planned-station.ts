import type { PlannedStation } from '../../../domain/demand-response/zone-plan.ts';

/** A station of direct current that draws 40 kW of its 50, and is asked for so much less, W. */
export const plannedStation = (shedW: number): PlannedStation => ({
  stationId: 'A',
  siteId: 'depot',
  baselineW: 40_000,
  floorW: 5_000,
  minimumW: 5_000,
  ratedW: 50_000,
  supply: { current: 'DC', voltageV: 230, phases: 3 },
  transactions: [],
  connectorKeys: ['1#1'],
  shedW,
  capW: 40_000 - shedW,
});
