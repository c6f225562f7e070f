import { runCommand } from './run-command.ts';
import { openTarget, type Target } from './target.ts';

/** What was said to a command, as node's parseArgs reads it. */
type Said = {
  readonly values: { readonly help?: boolean | undefined; readonly stage?: string | undefined };
  readonly positionals: readonly string[];
};

/**
 * Runs a command that works on a stack: on this machine, or the stage that it names. Without a word, and for --help, its usage is
 * printed, and no stack is needed.
 */
export const runOnStack = (
  read: (argv: readonly string[]) => Said,
  usage: string,
  command: (argv: readonly string[], target: Target, print: (line: string) => void) => Promise<void>,
): Promise<void> =>
  runCommand(async (argv, print) => {
    const { values, positionals } = read(argv);
    if (values.help === true || positionals.length === 0) return print(usage);
    await command(argv, await openTarget(values.stage), print);
  }, usage);
