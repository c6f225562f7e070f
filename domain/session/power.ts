import type { Reading } from '../kernel/fact.ts';
import { believedAt, type Metered } from './metered.ts';
import type { ActiveSession } from './session.ts';

/** Closer together than this, two readings of a register that counts in steps say nothing about power. */
const SHORTEST_MS = 10_000;

/** Power at a reading, W: as reported, or else what the register gained since the last reading that was believed. */
export const powerOf = (
  session: ActiveSession,
  at: number,
  { powerW, energyWh }: Reading,
  found: Metered,
): number | undefined => {
  if (powerW !== undefined) return powerW;
  const isAnchored = session.register !== undefined || session.meterStartWh !== undefined;
  const ms = at - believedAt(session);
  const isTold = energyWh !== undefined && found.isMeasured && found.suspect === undefined;
  if (!isTold || !isAnchored || ms < SHORTEST_MS) return undefined;
  return Math.round(((found.energyWh - session.energyWh) * 3_600_000) / ms);
};
