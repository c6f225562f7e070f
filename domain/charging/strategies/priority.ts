import type { Strategy } from '../strategy.ts';

/** Priority of a session that states none. */
export const DEFAULT_PRIORITY = 2;

export const priority = {
  name: 'priority',
  about: 'After the minimums, the best priority is filled up first; within one, everybody gets the same.',
  claims: (sessions) => sessions.map(({ session }) => ({ weight: 1, rank: session.priority ?? DEFAULT_PRIORITY })),
} satisfies Strategy;
