import { Problem } from './problem.ts';

/** The flags each command of a program takes beside --stage; one that is `alone` is about nothing in particular. */
export type Commands = Readonly<Record<string, { readonly flags: readonly string[]; readonly alone?: true }>>;

/** Refuses a flag that a command does not read: what nobody reads must not look as if it were done. */
export const onlyFlags = (command: string, flags: object, known: readonly string[], usage: string): void => {
  const stray = Object.keys(flags).find((name) => name !== 'stage' && !known.includes(name));
  if (stray !== undefined) throw new Problem(`${command} has no --${stray}\n\n${usage}`);
};

/**
 * The command and what it is about. Throws a Problem for one there is not, for words and flags that it does not read, and for a
 * subject that is empty, as of a variable that is not set.
 */
export const commandAndSubject = <Known extends Commands>(
  { values, positionals }: { readonly values: object; readonly positionals: readonly string[] },
  commands: Known,
  usage: string,
): readonly [command: keyof Known & string, subject: string | undefined] => {
  const [name, subject, stray] = positionals;
  if (name === undefined) throw new Problem(usage);
  const isCommand = (text: string): text is keyof Known & string => Object.hasOwn(commands, text);
  if (!isCommand(name)) throw new Problem(`There is no command "${name}".\n\n${usage}`);
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many: one at a time\n\n${usage}`);
  if (subject?.trim() === '') throw new Problem(`What "${name}" is about is empty\n\n${usage}`);
  const { alone, flags } = commands[name] ?? { flags: [] };
  if (alone && subject !== undefined)
    throw new Problem(`"${subject}" is one word too many: ${name} takes flags alone\n\n${usage}`);
  onlyFlags(name, values, flags, usage);
  return [name, subject];
};
