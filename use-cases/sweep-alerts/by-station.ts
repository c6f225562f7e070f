import type { Connector } from '../../domain/connector/connector.ts';
import type { ScanPage } from '../ports/fleet-scan.ts';

export type StationConnectors = { readonly stationId: string; readonly connectors: readonly Connector[] };

/** Gathers each station's connectors from pages that may end between them; `cost` hears what every page cost. */
export const byStation = async function* (
  pages: AsyncIterable<ScanPage<Connector>>,
  cost: (readUnits: number) => void,
): AsyncIterable<StationConnectors> {
  let gathered: Connector[] = [];
  for await (const { items, readUnits } of pages) {
    cost(readUnits);
    for (const connector of items) {
      const [first] = gathered;
      if (first && first.stationId !== connector.stationId) {
        yield { stationId: first.stationId, connectors: gathered };
        gathered = [];
      }
      gathered.push(connector);
    }
  }
  const [last] = gathered;
  if (last) yield { stationId: last.stationId, connectors: gathered };
};
