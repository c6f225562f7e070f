/** What is known of a site beside its connectors. Instants are ms since the epoch. */
export type SiteReading = {
  /** The site's grid meter: everything behind it, chargers included. */
  readonly demand?: { readonly demandW: number; readonly at: number };
  /** Since when its grid meter has been silent, where it was heard before. */
  readonly meterLostAt?: number;
  /** Since when its chargers share what is safe without a meter. */
  readonly fallbackAt?: number;
};

/** A site as rules see it: sums over all its connectors, and its own meter where it has one. */
export type SiteSnapshot = SiteReading & {
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  /** Sum of the present power of its connectors. */
  readonly chargingW: number;
  readonly chargingConnectors: number;
};
