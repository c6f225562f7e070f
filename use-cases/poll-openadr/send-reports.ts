import pMap from 'p-map';
import { openAdrReport } from '../../domain/demand-response/openadr/openadr-report.ts';
import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type OpenAdrConnection, OpenAdrUnanswered } from '../ports/demand-response/openadr-connection.ts';
import type { KnownEvent, OpenAdrStore } from '../ports/demand-response/openadr-store.ts';
import type { SignalStore } from '../ports/demand-response/signal-store.ts';
import type { ZoneNetwork } from '../ports/demand-response/zone-network.ts';

export type SendReportsPorts = {
  readonly store: Pick<OpenAdrStore, 'putEvent'>;
  readonly signals: Pick<SignalStore, 'load'>;
  readonly network: Pick<ZoneNetwork, 'stationsOf'>;
};

/** When something last happened to a signal that a report tells. */
const lastChangeAt = ({ registeredAt, activatedAt, lastCheck, restoredAt, endedAt }: SignalRecord): number =>
  Math.max(registeredAt, activatedAt ?? 0, lastCheck?.at ?? 0, restoredAt ?? 0, endedAt ?? 0);

/**
 * Tells a server how its events go, those that ask for it, whenever a check or an end is new: one report per event, which
 * is replaced. One that is refused keeps no other back. Resolves with how many were sent, and what the server said of the
 * first it refused.
 */
export const sendReports = ({ store, signals, network }: SendReportsPorts) => {
  const sheddableW = async (records: readonly SignalRecord[], now: number): Promise<number> => {
    const zones = new Set(records.flatMap(({ signal }) => (signal.kind === 'site-curtailment' ? [] : [signal.zoneId])));
    const stations = (await Promise.all([...zones].map((zoneId) => network.stationsOf(zoneId, now)))).flat();
    return stations.reduce((sum, { loadW = 0, floorW }) => sum + Math.max(0, loadW - floorW), 0);
  };

  const send = async (
    connection: OpenAdrConnection,
    server: OpenAdrServer,
    known: KnownEvent,
    now: number,
  ): Promise<number> => {
    const { event, submitted, report } = known;
    if (event.reports.length === 0 || submitted.length === 0) return 0;
    const found = await pMap(submitted, signals.load, { concurrency: 4 });
    const records = found.filter((record) => record !== undefined);
    const changedAt = Math.max(0, ...records.map(lastChangeAt));
    if (records.length === 0 || (report !== undefined && changedAt <= report.toldAt)) return 0;
    const facts = { records, sheddableW: await sheddableW(records, now), now };
    const reportId = await connection.report(openAdrReport(server, event, facts), report?.reportId);
    await store.putEvent({ ...known, report: { reportId, toldAt: changedAt } });
    return 1;
  };

  return async (
    connection: OpenAdrConnection,
    server: OpenAdrServer,
    events: readonly KnownEvent[],
    now: number,
  ): Promise<{ readonly count: number; readonly problem?: string }> => {
    let count = 0;
    const problems: string[] = [];
    for (const known of events) {
      try {
        count += await send(connection, server, known, now);
      } catch (error) {
        if (!(error instanceof OpenAdrUnanswered)) throw error;
        problems.push(error.message);
      }
    }
    return { count, ...omitUndefined({ problem: problems[0] }) };
  };
};
