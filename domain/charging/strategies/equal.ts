import type { Strategy } from '../strategy.ts';

export const equal = {
  name: 'equal',
  about: 'Everybody gets the same, up to what the car takes.',
  claims: (sessions) => sessions.map(() => ({ weight: 1, rank: 0 })),
} satisfies Strategy;
