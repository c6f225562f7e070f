/** Digits of an instant (ms) in base 36: enough until the year 5188. */
const TIME_DIGITS = 9;

/**
 * The id of a command at its station: sorts as text by the time of its request. `discriminator` tells commands of one
 * millisecond apart; made from the id of the request, it lets a repeated request be recognised.
 */
export const commandIdOf = (requestedAt: number, discriminator: string): string =>
  `${requestedAt.toString(36).padStart(TIME_DIGITS, '0')}-${discriminator}`;

const DISCRIMINATOR_DIGITS = 12;

/** A discriminator made by chance; `random` gives numbers from 0 up to, but not including, 1. */
export const anyDiscriminator = (random: () => number): string =>
  Array.from({ length: DISCRIMINATOR_DIGITS }, () => Math.floor(random() * 36).toString(36)).join('');

/** A command among those of all stations. No station's identity holds a slash. */
export const commandPathOf = (stationId: string, commandId: string): string => `${stationId}/${commandId}`;

/** The station and the id of a path, or undefined for a text that is none. */
export const parseCommandPath = (path: string): { stationId: string; commandId: string } | undefined => {
  const [, stationId, commandId] = /^([^/]{1,48})\/([0-9a-z]{9}-[0-9a-z]{1,20})$/.exec(path) ?? [];
  return stationId === undefined || commandId === undefined ? undefined : { stationId, commandId };
};
