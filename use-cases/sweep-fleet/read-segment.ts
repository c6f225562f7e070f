import pMap from 'p-map';
import type { Connector } from '../../domain/connector/connector.ts';
import type { Fleet, FleetScan, ScanPage, Segment } from '../ports/fleet-scan.ts';

/** Some stations with all their connectors, and what reading them cost. */
export type FleetReading = Fleet & { readonly readUnits: number };

const READS_AT_ONCE = 16;

const readAll = async <Item>(pages: AsyncIterable<ScanPage<Item>>): Promise<ScanPage<Item>> => {
  const items: Item[] = [];
  let readUnits = 0;
  for await (const page of pages) {
    for (const item of page.items) items.push(item);
    readUnits += page.readUnits;
  }
  return { items, readUnits };
};

/**
 * Reads a segment of the fleet: the stations that a scan of their table has in it, each with all its connectors. That a scan
 * of the connectors divides stations as that of the stations does is so, but nowhere promised: connectors that are not in the
 * segment of their station are read with it, and left alone where they turned up. Those of a station that has no item belong
 * to the segment they are found in.
 */
export const readSegment = async (scan: FleetScan, segment: Segment): Promise<FleetReading> => {
  const [stations, connectors] = await Promise.all([
    readAll(scan.stations(segment)),
    readAll(scan.connectors(segment)),
  ]);
  const own = new Set(stations.items.map(({ stationId }) => stationId));
  const found = Map.groupBy(connectors.items, ({ stationId }) => stationId);
  const strangers = [...found.keys()].filter((stationId) => !own.has(stationId));
  const elsewhere = strangers.length === 0 ? new Set<string>() : await scan.known(strangers);
  // A station without state has never said anything, and has no connectors either.
  const missing = stations.items.filter(({ stationId, state }) => state !== undefined && !found.has(stationId));
  const fetched = await pMap(missing, ({ stationId }) => scan.connectorsOf(stationId), { concurrency: READS_AT_ONCE });
  const gathered: Connector[] = fetched.flatMap(({ items }) => items);
  for (const [stationId, ofStation] of found) if (!elsewhere.has(stationId)) gathered.push(...ofStation);
  return {
    stations: stations.items,
    connectors: gathered,
    readUnits: fetched.reduce((sum, page) => sum + page.readUnits, stations.readUnits + connectors.readUnits),
  };
};
