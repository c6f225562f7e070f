import { Problem } from './problem.ts';

/** The number a flag was given, undefined where it was left out. Throws a Problem for what is no number. */
export const numberFlag = (flag: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Problem(`--${flag} "${text}" is no number`);
  return value;
};
