import { SECOND_MS } from '../../domain/kernel/durations.ts';

/**
 * Rows and sessions just written may not be readable everywhere yet: marks, and windows that nothing repeats, wait this long,
 * ms.
 */
export const SETTLING_MS = 5 * SECOND_MS;
