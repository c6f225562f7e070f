/**
 * Where a charging profile stands on a charger. A charger keeps one profile per slot (EVSE, purpose, stack level,
 * transaction): the next one sent to the slot replaces it. A field that is absent means any: commands that clear profiles
 * name several slots at once.
 */
export type ProfileSlot = {
  /** 0 is the station as a whole. */
  readonly evseId?: number;
  readonly purpose?: string;
  readonly stackLevel?: number;
  /** Empty: a profile of no particular transaction. */
  readonly transactionId?: string;
  readonly profileId?: number;
};

const fields = ['evseId', 'purpose', 'stackLevel', 'transactionId', 'profileId'] as const;

/** Whether every slot that `inner` names is also named by `outer`. */
export const covers = (outer: ProfileSlot, inner: ProfileSlot): boolean =>
  fields.every((field) => outer[field] === undefined || outer[field] === inner[field]);

/** Whether some slot is named by both. */
export const overlaps = (one: ProfileSlot, other: ProfileSlot): boolean =>
  fields.every((field) => one[field] === undefined || other[field] === undefined || one[field] === other[field]);

/** One decision about profiles: setting one, or clearing some. Decisions are ordered by version, not by arrival. */
export type ProfileDecision = {
  /** What the command sets or clears. */
  readonly slot: ProfileSlot;
  /** What it makes obsolete: the slot whatever profile id is in it, or everything it clears. */
  readonly overrides: ProfileSlot;
  /** Larger is newer: the instant (ms) of the decision, unless the deciding loop counts better. */
  readonly version: number;
};

/** Whether `later` makes `earlier` pointless before it is sent: all it sets would be replaced. */
export const replaces = (later: ProfileDecision, earlier: ProfileDecision): boolean =>
  later.version >= earlier.version && covers(later.overrides, earlier.slot);

/** Whether carrying out `stale` after `newer` would undo a part of it. */
export const wouldUndo = (stale: ProfileDecision, newer: ProfileDecision): boolean =>
  newer.version >= stale.version && (covers(newer.overrides, stale.slot) || overlaps(newer.slot, stale.slot));
