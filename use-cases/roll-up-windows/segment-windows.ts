import type { Share } from '../../domain/windows/share.ts';
import type { PendingMark } from '../ports/dirty-marks.ts';
import type { DoneUntil } from '../ports/sweep/sweep-progress.ts';

/** What a segment is to roll up. Plain data. */
export type WindowsOrder = {
  /** Number of segments of the fleet. */
  readonly segments: number;
  /** How far families have come: in the whole fleet, and in this segment. */
  readonly whole: DoneUntil;
  readonly own: DoneUntil;
  /** Marks of late data, of which those that concern the segment are its. */
  readonly marks: readonly PendingMark[];
  /** Whether it is the run of its hour in which keys with very many connectors are computed again. */
  readonly isHourly: boolean;
};

/** What a segment rolled up. Plain data. */
export type SegmentWindows = {
  /** Families that were caught up with; one that is absent failed. */
  readonly doneUntil: DoneUntil;
  /** Shares in the windows of the last minutes. */
  readonly live: readonly Share[];
  /** Number of pieces that were marked. */
  readonly marked: number;
  /** Marks by their place in the order: shares in what they name, those worked off, those left for another run. */
  readonly again: readonly { readonly mark: number; readonly shares: readonly Share[] }[];
  readonly done: readonly number[];
  readonly left: readonly number[];
  /** What failed, and why. */
  readonly failed: readonly string[];
};
