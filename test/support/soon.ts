/**
 * How long a test waits for what the stack does within a second: a machine that does ten other things needs more, and a test
 * is no measurement.
 */
export const soon = { timeout: 60_000, interval: 100 } as const;
