import pMap from 'p-map';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { system } from '../../runtime/system.ts';
import type { CommandedStack } from './commanded-stack.ts';

const action = 'SetChargingProfile';
/** Asked side by side. */
const AT_ONCE = 32;
/** Stations whose timelines are looked at, among those asked last. */
const LOOKED_AT = 20;
const GIVE_UP_MS = 180_000;

const profile = (limit: number): string =>
  JSON.stringify({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  });

export type ProfilesSent = { readonly tookMs: number; readonly arrived: number };

/** Sends so many profile commands to stations in turn, each with another limit, so that none is like the one before. */
export const profileCommands = async (
  { ask, heard }: CommandedStack,
  stationIds: readonly string[],
  count: number,
): Promise<ProfilesSent> => {
  const startedAt = performance.now();
  const rounds = Math.ceil(count / stationIds.length);
  let looked = heard.seen.length;
  let arrived = 0;
  const arrivedNow = () => {
    for (; looked < heard.seen.length; looked += 1) if (heard.seen[looked]?.action === action) arrived += 1;
    return arrived;
  };
  for (let round = 0; round < rounds; round++) {
    const wanted = stationIds.slice(0, count - round * stationIds.length);
    await pMap(wanted, (stationId) => ask(stationId, action, profile(6 + round)), { concurrency: AT_ONCE });
    // The next round replaces nothing that still waits: every command is to reach its charger.
    const soFar = Math.min(count, (round + 1) * stationIds.length);
    await heard.until(() => arrivedNow() >= soFar);
  }
  return { tookMs: performance.now() - startedAt, arrived: arrivedNow() };
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
