import { Problem } from './problem.ts';

/** The command and what it is about. Throws a Problem for more words: what nobody reads must not look as if it were done. */
export const commandAndSubject = (
  positionals: readonly string[],
  usage: string,
): readonly [command: string | undefined, subject: string | undefined] => {
  const [command, subject, stray] = positionals;
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many: one at a time\n\n${usage}`);
  return [command, subject];
};
