import type { FleetScan, Page, Segment } from '../../aws/fleet-scan.ts';
import type { StationItem } from '../../aws/station-item.ts';
import type { Connector } from '../../domain/connector/connector.ts';

/** The whole fleet as one run sees it. */
export type Fleet = { readonly stations: readonly StationItem[]; readonly connectors: readonly Connector[] };

type Parts<Item> = readonly (readonly Page<Item>[])[];

const readParts = <Item>(
  segments: number,
  read: (segment: Segment) => AsyncIterable<Page<Item>>,
): Promise<Parts<Item>> =>
  Promise.all(
    Array.from({ length: segments }, async (_, index) => {
      const pages: Page<Item>[] = [];
      for await (const page of read({ index, total: segments })) pages.push(page);
      return pages;
    }),
  );

const itemsOf = <Item>(parts: Parts<Item>): Item[] => parts.flat().flatMap(({ items }) => items);

/** Reads both tables once, in parallel segments, for all parts of a sweep: reading is most of what a sweep costs. */
export const readFleet = async (scan: FleetScan, segments: number): Promise<{ fleet: Fleet; again: FleetScan }> => {
  const [stations, connectors] = await Promise.all([
    readParts(segments, scan.stations),
    readParts(segments, scan.connectors),
  ]);
  const replay = async function* <Item>(parts: Parts<Item>, { index }: Segment): AsyncIterable<Page<Item>> {
    yield* parts[index] ?? [];
  };
  return {
    fleet: { stations: itemsOf(stations), connectors: itemsOf(connectors) },
    again: {
      stations: (segment) => replay(stations, segment),
      connectors: (segment) => replay(connectors, segment),
    },
  };
};
