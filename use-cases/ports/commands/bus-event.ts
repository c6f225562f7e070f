/** An event of the bus as a rule hands it over. */
export type BusEvent = {
  readonly source: string;
  readonly account: string;
  readonly detailType: string;
  /** When it was put on the bus, ms since the epoch. */
  readonly at: number;
  readonly detail: unknown;
};
