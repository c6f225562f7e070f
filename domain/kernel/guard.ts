/**
 * The guard: the position in the stream up to which an item has been folded.
 *
 * Kinesis sequence numbers have about 56 decimal digits; they fit no Number. Every live item holds one, so they are written
 * with 36 digits to the place. As text they compare correctly only when padded, and only within one stream, so the stream's
 * epoch stands in front: raise it when the stream is replaced.
 */
export type Guard = string;

const RADIX = 36;
/** Room for 62 decimal digits. */
const DIGITS = 40;

/** A guard that compares (as text) as its sequence number does. `epoch` is two digits or letters, one per stream ever used. */
export const guardOf = (epoch: string, sequenceNumber: string): Guard =>
  `${epoch}#${BigInt(sequenceNumber).toString(RADIX).padStart(DIGITS, '0')}`;

/** The name of the record a guard stands for, short enough to prefix the id of every change it causes. */
export const recordIdOf = (guard: Guard): string => {
  const [epoch = '', digits = '0'] = guard.split('#');
  return `${epoch}${digits.replace(/^0+(?=.)/, '')}`;
};
