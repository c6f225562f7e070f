import { parseArgs } from 'node:util';
import { isParseError } from './is-parse-error.ts';
import { Problem } from './problem.ts';

/** What an option takes: nothing, any text, or a number of at least `from` (a whole one unless it says otherwise). */
export type OptionKind =
  | { readonly type: 'flag' }
  | { readonly type: 'text'; readonly otherwise?: string }
  | { readonly type: 'number'; readonly otherwise: number; readonly from: number; readonly isFraction?: true };

type ValueOf<Kind extends OptionKind> = Kind extends { readonly type: 'flag' }
  ? boolean
  : Kind extends { readonly type: 'number' }
    ? number
    : Kind extends { readonly otherwise: string }
      ? string
      : string | undefined;

export type OptionValues<Kinds extends Readonly<Record<string, OptionKind>>> = {
  readonly [Name in keyof Kinds]: ValueOf<Kinds[Name]>;
};

const numberOf = (name: string, kind: Extract<OptionKind, { type: 'number' }>, text: string | undefined): number => {
  const value = text === undefined ? kind.otherwise : Number(text);
  const isWhole = kind.isFraction === true || Number.isInteger(value);
  if (text?.trim() !== '' && isWhole && value >= kind.from && Number.isFinite(value)) return value;
  throw new Problem(`--${name} must be a ${kind.isFraction ? '' : 'whole '}number from ${kind.from}, not "${text}"`);
};

const optionValue = (name: string, kind: OptionKind, given: string | boolean | undefined): unknown => {
  const text = typeof given === 'string' ? given : undefined;
  switch (kind.type) {
    case 'flag':
      return given === true;
    case 'text':
      return text ?? kind.otherwise;
    case 'number':
      return numberOf(name, kind, text);
  }
};

/**
 * Reads the options of a program, and at most `mostWords` words beside them. Throws a Problem, or node's own error, for what it
 * cannot read.
 */
export const readOptions = <const Kinds extends Readonly<Record<string, OptionKind>>>(
  kinds: Kinds,
  argv: readonly string[],
  mostWords = 0,
): { readonly values: OptionValues<Kinds>; readonly words: readonly string[] } => {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, { type }]) => [name, { type: type === 'flag' ? 'boolean' : 'string' } as const]),
  );
  const allowPositionals = mostWords > 0;
  const { values, positionals: words } = parseArgs({ args: [...argv], options, allowPositionals });
  const stray = words[mostWords];
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many`);
  const entries = Object.entries(kinds).map(([name, kind]) => [name, optionValue(name, kind, values[name])]);
  return { values: Object.fromEntries(entries) as OptionValues<Kinds>, words };
};

const WRONG_USAGE = 2;

/**
 * Runs the beginning of a program: `read` makes something of the words behind its name. For `--help` the usage is printed and
 * the process ends with 0; for what cannot be read what is wrong and the usage, with 2.
 */
export const beginProgram = <Read>(usage: string, read: (argv: readonly string[]) => Read): Read => {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return read(argv);
  } catch (error) {
    if (!(error instanceof Problem || isParseError(error))) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return process.exit(WRONG_USAGE);
  }
};

/** The options of a program that takes nothing else. */
export const programOptions = <const Kinds extends Readonly<Record<string, OptionKind>>>(
  usage: string,
  kinds: Kinds,
): OptionValues<Kinds> => beginProgram(usage, (argv) => readOptions(kinds, argv).values);
