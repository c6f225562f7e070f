import type { Fleet, FleetScan, ScanPage, Segment } from '../ports/fleet-scan.ts';

/** What reading it came to. */
export type FleetReading = {
  /** Every segment, for parts that need the whole fleet to conclude anything. Throws when one could not be read. */
  readonly whole: () => Fleet;
  /** The segments again, as often as wanted; one that could not be read throws. */
  readonly again: FleetScan;
};

type Part<Item> = PromiseSettledResult<readonly ScanPage<Item>[]>;

const readParts = <Item>(
  segments: number,
  read: (segment: Segment) => AsyncIterable<ScanPage<Item>>,
): Promise<readonly Part<Item>[]> =>
  Promise.allSettled(Array.from({ length: segments }, (_, index) => Array.fromAsync(read({ index, total: segments }))));

const pagesOf = <Item>(part: Part<Item> | undefined): readonly ScanPage<Item>[] => {
  if (part?.status === 'rejected') throw part.reason;
  return part?.value ?? [];
};

const itemsOf = <Item>(parts: readonly Part<Item>[]): readonly Item[] =>
  parts.flatMap((part) => pagesOf(part).flatMap(({ items }) => items));

/**
 * Reads both tables once, in parallel segments, for all parts of a sweep: reading is most of what a sweep costs. A segment
 * that cannot be read (the SDK has tried its page again by then) fails nobody but those who need it.
 */
export const readFleet = async (scan: FleetScan, segments: number): Promise<FleetReading> => {
  const [stations, connectors] = await Promise.all([
    readParts(segments, scan.stations),
    readParts(segments, scan.connectors),
  ]);
  const replay = async function* <Item>(
    parts: readonly Part<Item>[],
    { index }: Segment,
  ): AsyncIterable<ScanPage<Item>> {
    yield* pagesOf(parts[index]);
  };
  return {
    whole: () => ({ stations: itemsOf(stations), connectors: itemsOf(connectors) }),
    again: {
      stations: (segment) => replay(stations, segment),
      connectors: (segment) => replay(connectors, segment),
    },
  };
};
