import { z } from 'zod';
import { statusIntervals } from '../../domain/availability/status-intervals.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { connectorAvailability15m } from '../../domain/windows/connector-availability-15m.ts';
import { allSeries, seriesNamed } from '../../domain/windows/index.ts';
import { mainMeter1m } from '../../domain/windows/main-meter-1m.ts';
import { stationLoad1m } from '../../domain/windows/station-load-1m.ts';
import { subMeter1h } from '../../domain/windows/sub-meter-1h.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { Timeline } from '../ports/timeline.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { argumentsOf, range } from './arguments.ts';
import { presentWindow } from './present.ts';

export type SeriesPorts = { readonly windows: Pick<WindowStore, 'read'>; readonly timeline: Pick<Timeline, 'marks'> };

/** Windows of one answer: a day of minutes and a little, or two months of hours. */
const MOST_WINDOWS = 1500;
const HOUR_MS = 3_600_000;
const Arguments = z.object({ name: z.string(), key: z.string().min(1), ...range });

const starts = (fromAt: number, toAt: number, stepMs: number): number[] => {
  const first = Math.ceil(fromAt / stepMs) * stepMs;
  return Array.from({ length: Math.max(0, Math.ceil((toAt - first) / stepMs)) }, (_, index) => first + index * stepMs);
};

/** Availability over the quarter of an hour that begins at each minute, from status marks. */
const availabilityRows = async (
  { timeline }: SeriesPorts,
  key: string,
  from: number,
  to: number,
): Promise<Window[]> => {
  const { name, sizeMs, hopMs, measure } = connectorAvailability15m;
  const intervals = statusIntervals(await timeline.marks(key, from, to + sizeMs), from, to + sizeMs);
  return starts(from, to, hopMs).map((startAt) => {
    const toAt = startAt + sizeMs;
    const inside = intervals.filter((interval) => interval.fromAt < toAt && interval.toAt > startAt);
    const measures = measure({ fromAt: startAt, toAt, connectors: [inside] });
    return { series: name, key, startAt, version: 1, measures, labels: {} };
  });
};

/** The main meter beside the sum of connectors, hour by hour. */
const subMeterRows = async ({ windows }: SeriesPorts, key: string, from: number, to: number): Promise<Window[]> => {
  const meter = await windows.read(mainMeter1m.name, [key], from - HOUR_MS, to + 2 * HOUR_MS);
  const loads = await windows.read(stationLoad1m.name, [key], from, to + HOUR_MS);
  const readings = meter.flatMap(({ measures: { registerAt, registerWh } }) =>
    registerAt === undefined || registerWh === undefined ? [] : [{ at: registerAt, energyWh: registerWh }],
  );
  return starts(from, to, HOUR_MS).map((startAt) => {
    const toAt = startAt + HOUR_MS;
    const near = readings.filter(({ at }) => at >= startAt - HOUR_MS && at <= toAt + HOUR_MS);
    const connectorsWh = loads
      .filter((row) => row.startAt >= startAt && row.startAt < toAt)
      .reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
    const measures = subMeter1h.measure({ fromAt: startAt, toAt, readings: near, connectorsWh });
    return { series: subMeter1h.name, key, startAt, version: 1, measures, labels: {} };
  });
};

/** Rows of a series; of one that is not stored, computed now. Throws Rejected for a series or range there is not. */
export const querySeries = (ports: SeriesPorts) => async (given: Readonly<Record<string, unknown>>) => {
  const { name, key, from, to } = argumentsOf(Arguments, given);
  const series = seriesNamed(name);
  if (series === undefined) {
    throw new Rejected(`There is no series ${name}: ${allSeries.map((one) => one.name).join(', ')}`);
  }
  if (to <= from) throw new Rejected('to must be after from');
  if ((to - from) / series.hopMs > MOST_WINDOWS) {
    const hours = Math.floor((MOST_WINDOWS * series.hopMs) / HOUR_MS);
    throw new Rejected(`At most ${MOST_WINDOWS} windows in one request: ask for ${hours} hours of ${name} or less`);
  }
  const rows =
    name === connectorAvailability15m.name
      ? await availabilityRows(ports, key, from, to)
      : name === subMeter1h.name
        ? await subMeterRows(ports, key, from, to)
        : await ports.windows.read(name, [key], from, to);
  return { name, key, sizeSec: series.sizeMs / 1000, windows: rows.map(presentWindow) };
};
