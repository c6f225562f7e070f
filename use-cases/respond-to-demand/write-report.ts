import { settledAfterSec } from '../../domain/demand-response/check-times.ts';
import { eventReport, type LoadMinute } from '../../domain/demand-response/event-report.ts';
import type { GridSignal } from '../../domain/demand-response/grid-signal.ts';
import { limitedSince } from '../../domain/demand-response/limited-since.ts';
import { LOOK_BACK_DAYS, settlementDays } from '../../domain/demand-response/settlement-days.ts';
import { type SignalRecord, spansOf } from '../../domain/demand-response/signal-record.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { mean } from '../../domain/kernel/mean.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { siteLoad1m } from '../../domain/windows/series/site-load-1m.ts';
import { zoneLoad1m } from '../../domain/windows/series/zone-load-1m.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';
import type { WindowStore } from '../ports/window-store.ts';

export type ReportPorts = {
  readonly signals: Pick<SignalStore, 'load' | 'checks' | 'list' | 'saveReport'>;
  readonly windows: Pick<WindowStore, 'read'>;
  readonly network: Pick<ZoneNetwork, 'timeZoneOf' | 'zonesOfSite'>;
  /** How often chargers send meter values, s: a response cannot be seen sooner. */
  readonly meterIntervalSec: number;
};

/** The method asks for ten days (CAISO 10-of-10). */
const DAYS = 10;
const BEFORE_MS = 5 * MINUTE_MS;
const AFTER_MS = 15 * MINUTE_MS;
/** Signals that are looked through for days with an event: so many at a time, and no more of them than this. */
const SIGNALS_PER_PAGE = 100;
const MOST_PAGES = 50;

/** The load series of what a signal asks. */
const seriesOf = (signal: GridSignal): readonly [series: string, key: string] =>
  signal.kind === 'site-curtailment' ? [siteLoad1m.name, signal.siteId] : [zoneLoad1m.name, signal.zoneId];

/**
 * Writes the report of an event that is over, from its checks and the load windows of its zone or site. An event that never
 * became active has none.
 */
export const writeReport = ({ signals, windows, network, meterIntervalSec }: ReportPorts) => {
  /** Signals whose events may have lowered the load of what a signal asks, since an instant: in its zone or at a site in it. */
  const signalsBeside = async (signal: GridSignal, sinceAt: number): Promise<readonly SignalRecord[]> => {
    const zonesBySite = new Map<string, Promise<readonly string[]>>();
    const zonesOf = async (one: GridSignal): Promise<readonly string[]> => {
      if (one.kind === 'zone-reduction') return [one.zoneId];
      const found = zonesBySite.get(one.siteId) ?? network.zonesOfSite(one.siteId);
      zonesBySite.set(one.siteId, found);
      return found;
    };
    const own = new Set(await zonesOf(signal));
    const isBeside = async (one: GridSignal): Promise<boolean> =>
      one.kind === 'site-curtailment' && signal.kind === 'site-curtailment'
        ? one.siteId === signal.siteId
        : (await zonesOf(one)).some((zoneId) => own.has(zoneId));
    const found: SignalRecord[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { items, ...rest } = await signals.list({ limit: SIGNALS_PER_PAGE, ...omitUndefined({ nextToken }) });
      for (const record of items) if (await isBeside(record.signal)) found.push(record);
      nextToken = rest.nextToken;
      if (nextToken === undefined || (items.at(-1)?.signal.startAt ?? 0) < sinceAt) break;
    }
    return found;
  };

  return async (record: SignalRecord): Promise<void> => {
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

    const beside = [record, ...(await signalsBeside(signal, activatedAt - (LOOK_BACK_DAYS + 1) * DAY_MS))];
    const timeZone = await network.timeZoneOf(signal);
    // What was asked of one site in it does not make the load of a whole zone a limited one.
    const limiting = beside.filter((one) => signal.kind === 'site-curtailment' || one.signal.kind === 'zone-reduction');
    const limitedSinceAt = limitedSince(activatedAt, limiting.flatMap(spansOf));
    /** In the hours of adjustment before somebody was limited then. */
    const adjustment = (sinceAt: number) => meanOver(sinceAt - 4 * HOUR_MS, sinceAt - 2 * HOUR_MS);
    const days: { readonly eventMeanW: number; readonly adjustmentMeanW: number }[] = [];
    for (const startAt of settlementDays({ startAt: activatedAt, endAt }, timeZone, beside.flatMap(spansOf))) {
      if (days.length === DAYS) break;
      const [eventMeanW, adjustmentMeanW] = await Promise.all([
        meanOver(startAt, startAt + endAt - activatedAt),
        adjustment(startAt - ((activatedAt - limitedSinceAt) % DAY_MS)),
      ]);
      if (eventMeanW !== undefined && adjustmentMeanW !== undefined) days.push({ eventMeanW, adjustmentMeanW });
    }
    const report = eventReport({
      record,
      limitedSinceAt,
      checks: (await signals.checks(signal.signalId)).filter(({ at }) => at >= activatedAt && at <= endAt),
      minutes: [
        ...(await loads(limitedSinceAt - BEFORE_MS - MINUTE_MS, limitedSinceAt)),
        ...(await loads(Math.max(limitedSinceAt, endAt - MINUTE_MS), endAt + AFTER_MS)),
      ],
      days,
      settledAfterSec: settledAfterSec(meterIntervalSec),
      ...omitUndefined({ adjustmentMeanW: await adjustment(limitedSinceAt) }),
    });
    if (report !== undefined) await signals.saveReport(report);
  };
};
