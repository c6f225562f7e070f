import { Problem } from './problem.ts';

/**
 * The command and what it is about; `alone` are the commands that are about nothing in particular. Throws a Problem for more
 * words, as what nobody reads must not look as if it were done, and for a subject that is empty, as of a variable that is not set.
 */
export const commandAndSubject = (
  positionals: readonly string[],
  usage: string,
  alone: readonly string[],
): readonly [command: string | undefined, subject: string | undefined] => {
  const [command, subject, stray] = positionals;
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many: one at a time\n\n${usage}`);
  if (subject?.trim() === '') throw new Problem(`What "${command}" is about is empty\n\n${usage}`);
  if (subject !== undefined && command !== undefined && alone.includes(command))
    throw new Problem(`"${subject}" is one word too many: ${command} takes flags alone\n\n${usage}`);
  return [command, subject];
};
