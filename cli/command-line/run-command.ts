import { isParseError } from './is-parse-error.ts';
import { Problem } from './problem.ts';

const isRefused = (error: unknown): boolean =>
  error instanceof Error && ('code' in error ? error.code === 'ECONNREFUSED' : isRefused(error.cause));

/** What AWS services call credentials that have expired, or that they do not know. */
const isStale = /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient)/;

/** What the AWS SDK says when nobody told it where, or as whom, to work, and services of credentials that do no more. */
const isUnconfigured = (error: unknown): error is Error =>
  error instanceof Error &&
  (error.name === 'CredentialsProviderError' || error.message === 'Region is missing' || isStale.test(error.name));

const explain = (error: unknown, usage: string): string => {
  if (error instanceof Problem) return error.message;
  if (isParseError(error)) return `${error.message}\n\n${usage}`;
  if (isUnconfigured(error))
    return `${error.message}: set AWS_REGION and AWS_PROFILE (or log in with aws sso login) for the account of the stage`;
  if (isRefused(error)) return 'The local stack does not answer: is npm start still running?';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

/** Runs a command: its lines go to stdout, what went wrong to stderr with exit code 1. */
export const runCommand = async (
  command: (argv: readonly string[], print: (line: string) => void) => Promise<void>,
  usage: string,
): Promise<void> => {
  // A closed pipe (| head) is the reader's wish, not an error. What the command does besides is done all the same.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await command(process.argv.slice(2), (line) => console.log(line));
  } catch (error) {
    console.error(explain(error, usage));
    process.exitCode = 1;
  }
};
