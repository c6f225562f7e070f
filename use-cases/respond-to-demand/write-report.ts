import { settledAfterSec } from '../../domain/demand-response/check-times.ts';
import { eventReport, type LoadMinute } from '../../domain/demand-response/event-report.ts';
import type { GridSignal } from '../../domain/demand-response/grid-signal.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { siteLoad1m } from '../../domain/windows/series/site-load-1m.ts';
import { zoneLoad1m } from '../../domain/windows/series/zone-load-1m.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { WindowStore } from '../ports/window-store.ts';

export type ReportPorts = {
  readonly signals: Pick<SignalStore, 'load' | 'checks' | 'list' | 'saveReport'>;
  readonly windows: Pick<WindowStore, 'read'>;
  /** How often chargers send meter values, s: a response cannot be seen sooner. */
  readonly meterIntervalSec: number;
};

/** The method asks for ten days, and looks back 45 at most (CAISO 10-of-10). */
const DAYS = 10;
const LOOK_BACK_DAYS = 45;
const BEFORE_MS = 5 * MINUTE_MS;
const AFTER_MS = 15 * MINUTE_MS;
/** Signals that are looked through for days with an event. */
const RECENT_SIGNALS = 100;

const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay());
const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The load series of what a signal asks. */
const seriesOf = (signal: GridSignal): readonly [series: string, key: string] =>
  signal.kind === 'site-curtailment' ? [siteLoad1m.name, signal.siteId] : [zoneLoad1m.name, signal.zoneId];

/**
 * Writes the report of an event that is over, from its checks and the load windows of its zone or site. An event that never
 * became active has none.
 */
export const writeReport =
  ({ signals, windows, meterIntervalSec }: ReportPorts) =>
  async (record: SignalRecord): Promise<void> => {
    const { signal, activatedAt, restoredAt = signal.endAt } = record;
    if (activatedAt === undefined) return;
    const [series, key] = seriesOf(signal);
    const endAt = Math.min(restoredAt, signal.endAt);
    const loads = async (fromAt: number, toAt: number): Promise<readonly LoadMinute[]> =>
      (await windows.read(series, [key], fromAt, toAt)).map(({ startAt, measures }) => ({
        startAt,
        powerW: Number(measures.loadW ?? 0),
      }));
    const meanOver = async (fromAt: number, toAt: number): Promise<number | undefined> =>
      mean((await loads(fromAt, toAt)).map(({ powerW }) => powerW));

    const { items } = await signals.list({ limit: RECENT_SIGNALS });
    const eventDays = new Set(items.map((one) => Math.floor(one.signal.startAt / DAY_MS)));
    const adjustment = (day: number) => meanOver(day - 4 * HOUR_MS, day - 2 * HOUR_MS);
    const days: { readonly eventMeanW: number; readonly adjustmentMeanW: number }[] = [];
    for (let back = 1; back <= LOOK_BACK_DAYS && days.length < DAYS; back++) {
      const startAt = activatedAt - back * DAY_MS;
      if (isWeekend(startAt) !== isWeekend(activatedAt) || eventDays.has(Math.floor(startAt / DAY_MS))) continue;
      const [eventMeanW, adjustmentMeanW] = await Promise.all([
        meanOver(startAt, endAt - back * DAY_MS),
        adjustment(startAt),
      ]);
      if (eventMeanW !== undefined && adjustmentMeanW !== undefined) days.push({ eventMeanW, adjustmentMeanW });
    }
    const report = eventReport({
      record,
      checks: (await signals.checks(signal.signalId)).filter(({ at }) => at >= activatedAt && at <= endAt),
      minutes: await loads(activatedAt - BEFORE_MS - MINUTE_MS, endAt + AFTER_MS),
      days,
      settledAfterSec: settledAfterSec(meterIntervalSec),
      ...omitUndefined({ adjustmentMeanW: await adjustment(activatedAt) }),
    });
    if (report !== undefined) await signals.saveReport(report);
  };
