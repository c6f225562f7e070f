import type { TableName } from '../../lib/stores/tables.ts';

/** Items that a period leaves in a table. */
export type Kept = {
  readonly table: TableName;
  /** Of windows: their series. */
  readonly series: string;
  /** How long they are kept; undefined: for good. */
  readonly days?: number | undefined;
  readonly items: number;
  readonly bytes: number;
};

/** What a fleet of so many chargers used in one period. */
export type Measured = {
  readonly chargers: number;
  readonly usage: readonly (readonly [name: string, amount: number])[];
  readonly kept: readonly Kept[];
  /** What the chargers did. */
  readonly frames: number;
  readonly connectorBytes: readonly number[];
  /** Names of custom metrics. */
  readonly metrics: readonly string[];
};
