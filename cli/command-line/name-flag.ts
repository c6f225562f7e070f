import { Problem } from './problem.ts';

/** The name a flag was given, undefined where it was left out. Throws a Problem for an empty one, as of a variable that is not set. */
export const nameFlag = (flag: string, text: string | undefined): string | undefined => {
  if (text?.trim() === '') throw new Problem(`--${flag} is empty: give a name, or leave it out`);
  return text;
};
