import type { ControlledSession } from './controlled-session.ts';

/** A session with its bounds settled: `minW` and `maxW` are multiples of its step, and `minW <= maxW`. */
export type BoundedSession = { readonly session: ControlledSession; readonly minW: number; readonly maxW: number };

/** What a session may claim of what is left when everybody admitted has the minimum. */
export type Claim = {
  /** Above 0: of what a rank gets, each member gets in proportion to its weight until something stops it. */
  readonly weight: number;
  /** Lower ranks are filled up before higher ones get more than their minimum; 0 where all compete. */
  readonly rank: number;
  /** A minimum lifted by need; never above `maxW`. */
  readonly liftedMinW?: number;
};

/** The claim of somebody whom nothing sets apart. */
export const ALIKE: Claim = { weight: 1, rank: 0 };

/** How sessions compete for power. */
export type Strategy = {
  readonly name: string;
  /** For people who choose one. */
  readonly about: string;
  /** The claim of each session, in the order given; it must not depend on that order. `periodSec` is the time to the next allocation. */
  readonly claims: (sessions: readonly BoundedSession[], periodSec: number) => readonly Claim[];
};
