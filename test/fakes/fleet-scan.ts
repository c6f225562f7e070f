import type { Fleet, FleetScan, Segment } from '../../use-cases/ports/fleet-scan.ts';

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619) >>> 0;
  return value;
};

/** The segment a station is in, the same for all tables; connectors may be divided otherwise. */
const segmentOf = (stationId: string, { total }: Segment): number => hash(stationId) % total;
type SegmentOf = typeof segmentOf;

export type FleetScanFake = {
  /** Items in a page. */
  readonly page?: number;
  readonly connectorSegmentOf?: SegmentOf;
  /** Throws where a page cannot be read. */
  readonly check?: (table: 'stations' | 'connectors', segment: Segment, page: number) => void;
};

/** The live tables in memory, cut into segments and pages; `fleet` tells what is in them. */
export const fleetScanInMemory = (fleet: () => Fleet, options: FleetScanFake = {}): FleetScan => {
  const { page = 1000, connectorSegmentOf = segmentOf, check = () => undefined } = options;
  const pages = async function* <Item extends { readonly stationId: string }>(
    table: 'stations' | 'connectors',
    items: readonly Item[],
    segment: Segment,
    isIn: SegmentOf,
  ) {
    const own = items.filter(({ stationId }) => isIn(stationId, segment) === segment.index);
    for (let from = 0; from < own.length || from === 0; from += page) {
      check(table, segment, from / page);
      yield { items: own.slice(from, from + page), readUnits: 0.5 };
    }
  };
  return {
    stations: (segment) => pages('stations', fleet().stations, segment, segmentOf),
    connectors: (segment) => pages('connectors', fleet().connectors, segment, connectorSegmentOf),
    connectorsOf: async (id) => ({
      items: fleet().connectors.filter(({ stationId }) => stationId === id),
      readUnits: 0.5,
    }),
    known: async (ids) =>
      new Set(fleet().stations.flatMap(({ stationId }) => (ids.includes(stationId) ? [stationId] : []))),
  };
};

/** The segment of a station in `fleetScanInMemory`. */
export const segmentIn = (stationId: string, total: number): number => segmentOf(stationId, { index: 0, total });
