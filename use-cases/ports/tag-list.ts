export const tagStatuses = ['Accepted', 'Blocked', 'Expired', 'Invalid'] as const;

/** The most sessions a tag can be allowed at once. */
export const MAX_SESSIONS_PER_TAG = 100;

export type TagStatus = (typeof tagStatuses)[number];

/** One entry of the tag list. `expiresAt` is ms since the epoch. */
export type Tag = {
  readonly tag: string;
  readonly status: TagStatus;
  readonly expiresAt?: number;
  readonly parentTag?: string;
  /** How many sessions it may have at once, such as the card of a fleet; 1 when left out. */
  readonly maxSessions?: number;
};

/** The tag list (table tags): who may charge. */
export type TagList = {
  readonly find: (tag: string) => Promise<Tag | undefined>;
  readonly put: (tag: Tag) => Promise<void>;
  readonly list: () => Promise<readonly Tag[]>;
  /** Whether there was such a tag. */
  readonly remove: (tag: string) => Promise<boolean>;
};

/** Which connectors have an open session of a tag right now (table connectors, index byActiveTag; ms behind the table). */
export type ActiveTags = {
  /** Stations and connector keys ("evseId#connectorId"), at most MAX_SESSIONS_PER_TAG + 1. */
  readonly connectorsOf: (
    tag: string,
  ) => Promise<readonly { readonly stationId: string; readonly connectorKey: string }[]>;
};
