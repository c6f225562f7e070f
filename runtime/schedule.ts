import middy from '@middy/core';
import { logFailure } from './log-failure.ts';

/** What the Scheduler sends when its schedule names no input of its own. */
export type ScheduledEvent = { readonly time?: string };

/**
 * A Lambda that runs on a schedule. `work` gets the scheduled instant (ms): a run that is repeated does the same again.
 * What it returns is logged as one line.
 */
export const schedule = (name: string, work: (now: number) => Promise<object>) =>
  middy(async (event: ScheduledEvent): Promise<void> => {
    const scheduled = Date.parse(event.time ?? '');
    const figures = await work(Number.isNaN(scheduled) ? Date.now() : scheduled);
    console.info(JSON.stringify({ level: 'info', run: name, ...figures }));
  }).use(logFailure(name));
