import { HOUR_MS } from '../../domain/kernel/durations.ts';

/** Under this Lambda itself leaves what it gave up on, in an order of its own. */
export const GIVEN_UP = 'aws/lambda/';

/** Records parked within an hour of the clock (UTC) lie together, so that the latest can be listed without all before them. */
export const parkedHour = (at: number): string =>
  `records/${new Date(at).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')}/`;

/** The hours from one instant to another, both inside, the latest first. */
export const parkedHours = (fromMs: number, toMs: number): readonly string[] => {
  const first = Math.floor(fromMs / HOUR_MS);
  const count = Math.floor(toMs / HOUR_MS) - first + 1;
  return Array.from({ length: count }, (_, index) => parkedHour((first + count - 1 - index) * HOUR_MS));
};
