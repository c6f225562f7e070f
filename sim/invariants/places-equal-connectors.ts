import type { Connector } from '../../domain/connector/connector.ts';
import { connectorPath } from '../../domain/kernel/connector-key.ts';
import { rowMinute } from '../../domain/windows/minute-row-start.ts';
import { storedUntil } from '../../domain/windows/on-read.ts';
import { siteLoad1m } from '../../domain/windows/series/site-load-1m.ts';
import { zoneLoad1m } from '../../domain/windows/series/zone-load-1m.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { Invariant } from './invariant.ts';

/** Sums of rounded numbers. */
const NEGLIGIBLE_WH = 0.01;

/** The energy of each minute that has any, Wh. */
const byMinute = (rows: readonly Window[]): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>();
  for (const { startAt, measures } of rows) {
    const minute = rowMinute(startAt);
    sums.set(minute, (sums.get(minute) ?? 0) + (measures.energyWh ?? 0));
  }
  return sums;
};

/** After its last reading that was believed an open session counts in places with what it drew then, though it has no minutes yet. */
const knownUntil = ({ session, minute }: Connector): number => {
  if (session === undefined) return Number.POSITIVE_INFINITY;
  const believedAt = minute?.sessionId === session.sessionId ? minute.registerAt : undefined;
  return rowMinute(believedAt ?? session.sampledAt ?? session.startedAt);
};

export const placesEqualConnectors: Invariant = {
  name: 'places-equal-connectors',
  about: 'The minutes of a zone and of a site come to those of their connectors, whatever came late.',
  check: async ({ time }, { aggregates, windows }) => {
    const places = [
      { series: zoneLoad1m, of: 'zoneId' },
      { series: siteLoad1m, of: 'siteId' },
    ] as const;
    const connectors = aggregates.flatMap((aggregate) => aggregate.connectors);
    const problems: string[] = [];
    for (const { series, of } of places)
      for (const [key, own] of Map.groupBy(connectors, ({ place }) => place[of])) {
        const expected = byMinute(await windows('connector_1m', own.map(connectorPath)));
        const told = byMinute(await windows(series.name, [key]));
        const untilAt = Math.min(storedUntil(series.source, time.clock.now()), ...own.map(knownUntil));
        const minutes = [...new Set([...expected.keys(), ...told.keys()])].filter((minute) => minute < untilAt);
        const difference = (minute: number): number => (told.get(minute) ?? 0) - (expected.get(minute) ?? 0);
        const wrong = minutes.filter((minute) => Math.abs(difference(minute)) > NEGLIGIBLE_WH).sort((a, b) => a - b);
        const [first, last] = [wrong[0], wrong.at(-1)];
        if (first === undefined || last === undefined) continue;
        const [says, is] = [told, expected].map((rows) => wrong.reduce((sum, at) => sum + (rows.get(at) ?? 0), 0));
        const between = [first, last].map((at) => new Date(at).toISOString()).join(' to ');
        problems.push(
          `${series.name} ${key}: ${wrong.length} minutes from ${between} say ${says} Wh, its connectors ${is}`,
        );
      }
    return problems;
  },
};
