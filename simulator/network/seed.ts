import type { StationEntry } from '../../cli/station-entry.ts';
import type { DemoNetwork, DemoStation, DemoTag } from '../network.ts';

/** What `npm run station -- import` reads. */
export type Seed = { readonly stations: readonly StationEntry[]; readonly tags: readonly DemoTag[] };

const entry = ({ contractMaxW, connectors, ...station }: DemoStation): StationEntry => ({
  ...station,
  contractMaxKw: contractMaxW / 1000,
  connectors: connectors.map(
    ({ evseId, connectorId, connectorType, ratedW }) =>
      `${evseId === connectorId ? evseId : `${evseId}.${connectorId}`}:${connectorType}:${ratedW / 1000}`,
  ),
});

/** The network as an operator would write it down: the stations of a seed file, with passwords, and the drivers' tags. */
export const seedOf = ({ stations, tags }: DemoNetwork): Seed => ({ stations: stations.map(entry), tags });
