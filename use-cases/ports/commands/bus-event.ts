/** An event of the bus as a rule hands it over. */
export type BusEvent = {
  readonly source: string;
  readonly account: string;
  readonly detailType: string;
  readonly detail: unknown;
};
