/** Exit codes of programs that end by a signal: 128 and its number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends this process at once when it is interrupted or terminated. Node ends a process by a signal without a word; this way
 * its exit listeners run, which end the processes it has started and remove its folders.
 */
export const exitOnSignals = (): void => {
  for (const [signal, code] of Object.entries(exitCodes)) process.once(signal, () => process.exit(code));
};
