import type { DemoNetwork } from '../demo-network.ts';
import { random } from '../random.ts';
import type { Building } from '../site-load-w.ts';

/** A site of the demo network whose power is shared, with the building that stands there. */
export type ControlledSite = {
  readonly siteId: string;
  /** The grid connection: less than building and chargers together could draw. */
  readonly limitW: number;
  /** For the building system. */
  readonly password: string;
  readonly building: Building;
};

const MOST = 2;
/** What the chargers may draw at the height of the day, as a share of what is installed. */
const CHARGING_SHARE = 0.2;
const BUILDING_SHARE = 0.25;
const SOLAR_SHARE = 0.2;

const rounded = (powerW: number): number => Math.round(powerW / 1_000) * 1_000;

/** The first sites of the network that have several stations: the same ones for the same network. */
export const controlledSites = ({ sites, stations }: DemoNetwork): readonly ControlledSite[] =>
  sites
    .map(({ siteId }) => {
      const connectors = stations
        .filter((station) => station.siteId === siteId)
        .flatMap((station) => station.connectors);
      return { siteId, count: connectors.length, installedW: connectors.reduce((sum, { ratedW }) => sum + ratedW, 0) };
    })
    .filter(({ count }) => count > 1)
    .slice(0, MOST)
    .map(({ siteId, installedW }) => {
      const chance = random(`building ${siteId}`);
      const peakW = rounded(installedW * BUILDING_SHARE);
      return {
        siteId,
        limitW: rounded(installedW * CHARGING_SHARE) + peakW,
        password: Array.from({ length: 20 }, () => chance.integer(0, 35).toString(36)).join(''),
        building: { seed: siteId, baseW: rounded(peakW * 0.4), peakW, solarW: rounded(installedW * SOLAR_SHARE) },
      };
    });
