import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import { energyBySlot } from '../../domain/session/energy-by-slot.ts';

/** Energy of one minute of one session, Wh, as a store that keeps the newest figure of each holds it. */
export type ToldMinute = { readonly sessionId: string; readonly startAt: number; readonly energyWh: number };

/** The minutes that changes tell of, the last word on each, in order of their start. */
export const toldMinutes = (changes: readonly StateChange[]): readonly ToldMinute[] => {
  const rows = new Map<string, ToldMinute>();
  const put = (sessionId: string, startAt: number, energyWh: number) =>
    rows.set(`${sessionId}@${startAt}`, { sessionId, startAt, energyWh });
  for (const change of changes) {
    if (change.type === 'MinuteClosed')
      put(change.minute.sessionId ?? '', change.minute.startAt, change.minute.energyWh);
    if (change.type === 'MinutesSpread') {
      const { fromAt, toAt, fromWh, toWh, sessionId = '' } = change;
      const count = (toAt - fromAt) / MINUTE_MS;
      for (let index = 0; index < count; index += 1)
        put(sessionId, fromAt + index * MINUTE_MS, (toWh - fromWh) / count);
    }
    if (change.type === 'MinutesCorrected') {
      const { curve, startedAt, fromAt, toAt, sessionId } = change;
      for (const { startAt, energyWh } of energyBySlot(curve, startedAt, MINUTE_MS, fromAt, toAt))
        put(sessionId, startAt, energyWh);
    }
  }
  return [...rows.values()].sort((a, b) => a.startAt - b.startAt);
};

/** Their energy, Wh. */
export const toldWh = (changes: readonly StateChange[]): number =>
  Math.round(toldMinutes(changes).reduce((sum, { energyWh }) => sum + energyWh, 0) * 1000) / 1000;
