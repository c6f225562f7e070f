import type { StationItem } from '../../use-cases/ports/fleet-scan.ts';

/** The station an item of the table (or of its change stream) holds. What its writers wrote is what comes back. */
export const stationFromItem = (item: Readonly<Record<string, unknown>>): StationItem => item as StationItem;
