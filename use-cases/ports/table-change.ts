/** One change of an item, in plain data. */
export type TableChange = {
  /** The table's name. */
  readonly table: string;
  /** The item's key values, joined by '#': one item's changes come in order. */
  readonly key: string;
  /** The item after the change; absent when it was removed. */
  readonly item?: Readonly<Record<string, unknown>>;
  /** The item before the change; absent when it was created. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly sequenceNumber: string;
};
