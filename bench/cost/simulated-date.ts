import { mock } from 'node:test';

/** When a measurement begins: at its end, half an hour into the next day, it has a midnight behind it. */
export const BEGIN = Date.parse('2026-11-02T18:20:00Z');

/**
 * The date of this process is a simulated one: whoever is loaded after this module sees time only pass as the bench sets it.
 * Timers are real.
 */
mock.timers.enable({ apis: ['Date'], now: BEGIN });

/** Moves the date forward to an instant, ms; never back. */
export const passUntil = (at: number): void => mock.timers.setTime(Math.max(Date.now(), at));
