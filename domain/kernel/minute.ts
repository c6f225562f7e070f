/** One connector-minute, the base of every window. Built while it is open in the connector's item, then handed on. */
export type Minute = {
  /** Start of the minute, ms since the epoch. */
  readonly startAt: number;
  /** Energy delivered within the minute: difference of the register, interpolated at its edges. */
  readonly energyWh: number;
  readonly samples: number;
  readonly maxW?: number;
  readonly minW?: number;
  /** Time-weighted power for stations without a register; otherwise derived from `energyWh` on reading. */
  readonly meanW?: number;
  readonly socPercent?: number;
  readonly limitW?: number;
  readonly sessionId?: string;
  /** The last reading inside the open minute, which the next one is interpolated from. Wh of the session. */
  readonly registerWh?: number;
  readonly registerAt?: number;
};
