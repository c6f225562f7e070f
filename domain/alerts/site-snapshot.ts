/** A site as rules see it: sums over all its connectors, and its own meter where it has one. */
export type SiteSnapshot = {
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  /** Sum of the present power of its connectors. */
  readonly chargingW: number;
  readonly chargingConnectors: number;
  /** The site's grid meter: everything behind it, chargers included. */
  readonly demand?: { readonly demandW: number; readonly at: number };
};
