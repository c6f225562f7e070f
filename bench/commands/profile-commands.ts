import pMap from 'p-map';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { system } from '../../runtime/system.ts';
import { defaultLimit } from '../../test/support/default-limit.ts';
import type { CommandedStack } from './commanded-stack.ts';
import { heardOrStanding } from './heard-or-standing.ts';

const action = 'SetChargingProfile';
/** Asked side by side. */
const AT_ONCE = 32;
/** Stations whose timelines are looked at, among those asked last. */
const LOOKED_AT = 20;
const GIVE_UP_MS = 180_000;

const profile = (limit: number): string => JSON.stringify(defaultLimit('A', limit));

/** Asks one station after the other, some side by side. */
const askEach =
  ({ ask }: CommandedStack): CommandedStack['askAll'] =>
  async (stationIds, name, payload) => {
    await pMap(stationIds, (stationId) => ask(stationId, name, payload), { concurrency: AT_ONCE });
  };

/** Asks each station for a limit, A, and resolves when all of them have got it. `askRound` asks them; one by one if left out. */
export const profileRound = async (
  commanded: CommandedStack,
  stationIds: readonly string[],
  limitA: number,
  askRound = askEach(commanded),
): Promise<void> => {
  const { heard } = commanded;
  const missing = new Set(stationIds);
  let looked = heard.seen.length;
  await askRound(stationIds, action, profile(limitA));
  await heardOrStanding(
    commanded,
    () => missing,
    () => {
      for (const arrival of heard.seen.slice(looked)) if (arrival.action === action) missing.delete(arrival.stationId);
      looked = heard.seen.length;
      return missing.size === 0;
    },
  );
};

/** Sends so many profile commands to stations in turn, each with another limit. Resolves to how long that took, ms. */
export const profileCommands = async (
  commanded: CommandedStack,
  stationIds: readonly string[],
  count: number,
): Promise<number> => {
  const startedAt = performance.now();
  // Rounds, as a newer limit would replace one that still waits: every command is to reach its charger.
  for (let sent = 0, limitA = 6; sent < count; limitA += 1) {
    const wanted = stationIds.slice(0, count - sent);
    await profileRound(commanded, wanted, limitA);
    sent += wanted.length;
    console.error(
      `${sent} of ${count} profile commands after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`,
    );
  }
  return performance.now() - startedAt;
};

/** Resolves when the timelines of the stations that were asked last tell of all commands: what follows has caught up. */
export const followed = async (
  { stack }: CommandedStack,
  stationIds: readonly string[],
  count: number,
): Promise<void> => {
  const table = timeline(String(stack.outputs.TimelineTable), system);
  const perStation = Math.floor(count / stationIds.length);
  const range = { fromAt: Date.now() - 3_600_000, toAt: Date.now() + 60_000 };
  const giveUpAt = performance.now() + GIVE_UP_MS;
  const isTold = async (stationId: string): Promise<boolean> => {
    const { items } = await table.list(stationId, range, { limit: 100 });
    return items.filter(({ title }) => title.includes(action)).length >= perStation;
  };
  for (const stationId of stationIds.slice(-LOOKED_AT))
    while (!(await isTold(stationId))) {
      if (performance.now() > giveUpAt) throw new Error(`The timeline of ${stationId} does not tell of every command`);
      await system.sleep(100);
    }
};
