import { Problem } from './problem.ts';

/**
 * ms since the epoch of an instant with its zone in ISO 8601, or of a date, midnight UTC; NaN for any other text, and for a day
 * that no calendar has. Without its zone it would be another instant on another machine.
 */
export const instantOfText = (text: string): number => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)(?:T.*(?:Z|[+-]\d\d:?\d\d))?$/.exec(text) ?? [];
  if (year === undefined) return Number.NaN;
  // The 30th of February would be read as the 2nd of March.
  const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return exists ? Date.parse(text) : Number.NaN;
};

/** An instant (ms since the epoch) that flags led to, in ISO 8601. Throws a Problem for one of no calendar. */
export const instantText = (flags: string, at: number): string => {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) throw new Problem(`${flags} leads beyond any calendar`);
  return instant.toISOString();
};

/** The instant a flag was given with its zone, ms since the epoch. Throws a Problem for anything else. */
export const instantFlag = (flag: string, text: string | undefined): number => {
  const at = text?.includes('T') ? instantOfText(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Problem(`--${flag}: an instant with its zone, such as 2026-10-03T08:00:00Z`);
  return at;
};
