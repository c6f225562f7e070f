import { timeline } from '../../aws/dynamodb/timeline.ts';
import { system } from '../../runtime/system.ts';
import { NothingArrived } from './arrivals.ts';
import type { CommandedStack } from './commanded-stack.ts';

/** Stations that are told of. */
const MOST_STATIONS = 20;
const MOST_ITEMS = 100;
const LOOKED_BACK_MS = 3_600_000;

/** How the mailbox of a station stands, and which of its commands were not accepted. */
const standing = async ({ mailboxes, stack }: CommandedStack, stationId: string): Promise<string> => {
  const { mailbox, contact } = await mailboxes.loadWithContact(stationId);
  const { outstanding, queue, wakeAt } = mailbox;
  const connection = contact?.connection?.connectionId ?? 'offline';
  const now = system.clock();
  const range = { fromAt: now - LOOKED_BACK_MS, toAt: now };
  const { items } = await timeline(String(stack.outputs.TimelineTable), system).list(stationId, range, {
    limit: MOST_ITEMS,
  });
  const told = { now, connection, outstanding, queued: queue.length, wakeAt };
  return [
    `${stationId} ${JSON.stringify(told)}`,
    ...items.filter(({ title }) => !title.endsWith(' Accepted')).map((item) => `  ${JSON.stringify(item)}`),
  ].join('\n');
};

/** Waits until enough was heard. When nothing comes any more, throws how those stand that `missing` tells. */
export const heardOrStanding = async (
  commanded: CommandedStack,
  missing: () => Iterable<string>,
  isEnough: () => boolean,
): Promise<void> => {
  try {
    await commanded.heard.until(isEnough);
  } catch (error) {
    if (!(error instanceof NothingArrived)) throw error;
    const stationIds = [...missing()];
    const told = await Promise.all(stationIds.slice(0, MOST_STATIONS).map((id) => standing(commanded, id)));
    throw new Error(`${stationIds.length} stations were not reached:\n${told.join('\n')}`, { cause: error });
  }
};
