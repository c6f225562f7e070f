import type { System } from '../async/system.ts';
import { lambda } from './lambda.ts';

/** What the Scheduler sends when its schedule names no input of its own. */
export type ScheduledEvent = { readonly time?: string };

/**
 * A Lambda that runs on a schedule. `work` gets the scheduled instant (ms): a run that is repeated does the same again.
 * What it returns is logged as one line.
 */
export const onSchedule = (name: string, work: (now: number) => Promise<object>, clock: System['clock']) =>
  lambda(name, async (event: ScheduledEvent): Promise<void> => {
    const scheduled = Date.parse(event.time ?? '');
    const figures = await work(Number.isNaN(scheduled) ? clock() : scheduled);
    console.info(JSON.stringify({ level: 'info', run: name, ...figures }));
  });
