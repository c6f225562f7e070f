import { ALIKE, type Strategy } from '../strategy.ts';

export const equal = {
  name: 'equal',
  about: 'Everybody gets the same, up to what the car takes.',
  claims: (sessions) => sessions.map(() => ALIKE),
} satisfies Strategy;
