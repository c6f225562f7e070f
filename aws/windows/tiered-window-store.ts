import type { System } from '../../async/system.ts';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import { inOrder, newestOfEach } from '../../domain/windows/window.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';

/** Days for which the near store keeps a row from when it was written: more than the longest roll-up of a day reads back. */
export const NEAR_DAYS = 4;
/** Ranges that begin later are read from the near store alone. A day less than it keeps: rows begin before they are written. */
const NEAR_MS = (NEAR_DAYS - 1) * DAY_MS;

/**
 * Windows kept for good in one store, with what was written lately in another one as well. For Timestream, whose queries are
 * billed by compute units for half a minute at least, and which shows what arrives later than its memory store keeps only
 * after hours: the work of every minute reads what is near, and history that arrives late is read from where it was written.
 */
export const tieredWindowStore = (
  near: WindowStore,
  far: WindowStore,
  { clock }: Pick<System, 'clock'>,
): WindowStore => ({
  // Near last: what can be read there counts as stored, and would not be written again once the far one answers.
  put: async (windows) => {
    const { rejected } = await far.put(windows);
    const put = await near.put(windows);
    return { ...put, rejected: [...put.rejected, ...rejected] };
  },
  read: async (series, keys, fromAt, toAt) => {
    const nearby = near.read(series, keys, fromAt, toAt);
    if (fromAt >= clock() - NEAR_MS) return nearby;
    const both = await Promise.all([far.read(series, keys, fromAt, toAt), nearby]);
    return inOrder(newestOfEach(both.flat()));
  },
});
