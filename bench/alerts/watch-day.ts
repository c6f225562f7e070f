import { type AlertFigures, alertFigures } from '../../domain/alerts/alert-figures.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { stationSilence } from '../../domain/fleet/station-silence.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { fold } from '../../domain/station/fold.ts';
import type { StationAggregate, StationRecord } from '../../domain/station/station-aggregate.ts';
import { memoryAlertTable } from '../../test/fakes/alert-table.ts';
import { fleetScanInMemory } from '../../test/fakes/fleet-scan.ts';
import { sweptPart } from '../../test/support/swept.ts';
import { detectAlerts } from '../../use-cases/detect-alerts/detect-alerts.ts';
import type { StationItem } from '../../use-cases/ports/fleet-scan.ts';
import { connectorChange, type ItemChange, stationChange } from '../../use-cases/ports/item-change.ts';
import { eventsOf } from '../../use-cases/publish-changes/publish-changes.ts';
import { sweepAlerts } from '../../use-cases/sweep-alerts/sweep-alerts.ts';
import type { Day } from './day.ts';
import { HOUR, MINUTE, midnight } from './injections.ts';
import type { Message } from './writer.ts';

type Live = { aggregate: StationAggregate; lastSeenAt?: number };
const NOTED_MS = 15 * MINUTE;

const itemOf = ({ aggregate, lastSeenAt }: Live): StationItem => ({
  stationId: aggregate.stationId,
  ...aggregate.station,
  ...omitUndefined({ lastSeenAt }),
});

/** Runs a day through fold, rules, sweep and lifecycle in simulated time, and says which alerts were raised. */
export const watchDay = async (day: Day) => {
  const overrides = async () => ({ 'site-7': { siteLimitW: day.siteLimitW } });
  const alerts = memoryAlertTable();
  const detect = detectAlerts({ alerts, overrides });
  const live = new Map<string, Live>(
    day.stations.map((registration) => {
      const { stationId } = registration;
      return [stationId, { aggregate: { stationId, station: { registration }, connectors: [] } }];
    }),
  );
  const eventIds = new Set<string>();
  let sequence = 0;
  let told = 0;

  const publish = async (changes: readonly ItemChange[]): Promise<void> => {
    for (const { detail } of changes.flatMap(eventsOf)) eventIds.add(detail.id);
    await detect(changes);
    const news = alerts.told.slice(told);
    told = alerts.told.length;
    for (const { change } of news) eventIds.add(change.id);
  };

  /** Folds a record and hands on what it changed, as the tables' change streams would. */
  const project = async (station: Live, record: Omit<StationRecord, 'guard'>): Promise<void> => {
    sequence += 1;
    const before = station.aggregate;
    const folded = fold(before, { guard: guardOf('00', String(sequence)), ...record });
    const outboxes = new Map(folded.connectors.map(({ key, changes }) => [connectorSortKey(key), changes]));
    const connectors = folded.aggregate.connectors.map((connector): Connector => {
      const outbox = outboxes.get(connectorSortKey(connector));
      return outbox ? { ...connector, outbox } : connector;
    });
    const { state } = folded.aggregate.station;
    const withOutbox = state && folded.station ? { ...state, outbox: folded.station.changes } : state;
    const oldItem = itemOf(station);
    station.aggregate = {
      ...folded.aggregate,
      station: { ...folded.aggregate.station, ...omitUndefined({ state: withOutbox }) },
      connectors,
    };
    const old = new Map(before.connectors.map((connector) => [connectorSortKey(connector), connector]));
    await publish([
      ...connectors.flatMap((after): ItemChange[] => {
        const earlier = old.get(connectorSortKey(after));
        if (!outboxes.has(connectorSortKey(after))) return [];
        return [connectorChange(earlier, after)];
      }),
      ...(folded.station ? [stationChange(oldItem, itemOf(station))] : []),
    ]);
  };

  /** What the gateway writes beside the stream. */
  const gateway = async (station: Live, change: (station: Live) => void): Promise<void> => {
    const before = itemOf(station);
    change(station);
    await publish([stationChange(before, itemOf(station))]);
  };

  const receive = async (message: Message): Promise<void> => {
    const station = live.get(message.stationId);
    if (!station) throw new Error(`${message.stationId} is not of this network`);
    const { at } = message;
    const said = { at, receivedAt: at, clock: 'receiver', messageId: `gateway-${at}` } as const;
    const { connectivity } = station.aggregate.station;
    switch (message.kind) {
      case 'facts':
        return project(
          station,
          message.facts.some(({ type }) => type === 'StationRegistered')
            ? { facts: message.facts }
            : { facts: message.facts, heardAt: at },
        );
      case 'heartbeat':
        if (at - (station.lastSeenAt ?? 0) < NOTED_MS) return;
        return gateway(station, (item) => {
          item.lastSeenAt = at;
        });
      case 'opened': {
        const opened = { connectionId: message.connectionId, ocpp: '1.6', transport: 'websocket' } as const;
        await gateway(station, (item) => {
          item.lastSeenAt = at;
          item.aggregate = {
            ...item.aggregate,
            station: { ...item.aggregate.station, connectivity: { ...opened, connectedAt: at } },
          };
        });
        return project(station, { facts: [{ ...said, type: 'ConnectionOpened', ...opened }], heardAt: at });
      }
      case 'closed': {
        if (connectivity?.connectionId !== message.connectionId) return;
        await gateway(station, (item) => {
          const { connectionId: _, ...rest } = connectivity;
          item.aggregate = {
            ...item.aggregate,
            station: { ...item.aggregate.station, connectivity: { ...rest, disconnectedAt: at } },
          };
        });
        const { connectionId } = message;
        return project(station, { facts: [{ ...said, type: 'ConnectionClosed', connectionId }] });
      }
    }
  };

  const fleet = () => ({
    stations: [...live.values()].map(itemOf),
    connectors: [...live.values()].flatMap(({ aggregate }) => aggregate.connectors),
  });
  const part = sweepAlerts({
    alerts,
    overrides,
    networkSnapshots: async () => [],
    siteReadings: async () => new Map(),
  });
  const sweep = sweptPart(part, fleetScanInMemory(fleet), 1);
  const findLost = async (now: number): Promise<void> => {
    for (const station of live.values()) {
      const connectorsSeenAt = Math.max(0, ...station.aggregate.connectors.map(({ lastSeenAt }) => lastSeenAt));
      const silence = stationSilence({ ...itemOf(station), connectorsSeenAt }, now);
      if (!silence) continue;
      const said = { receivedAt: now, clock: 'receiver', messageId: `sweep-${now}` } as const;
      await project(station, { facts: [{ ...said, ...silence, type: 'StationLost' }] });
    }
  };

  let next = 0;
  for (let now = midnight; now <= midnight + 24 * HOUR; now += MINUTE) {
    for (let message = day.messages[next]; message && message.at < now; message = day.messages[next]) {
      await receive(message);
      next += 1;
    }
    await findLost(now);
    await sweep(now);
  }
  const raised = alerts.all().filter((alert) => alert.phase !== 'pending');
  const figures: AlertFigures = alertFigures(raised, {
    fromMs: midnight,
    toMs: midnight + 24 * HOUR,
    stations: day.stations.length,
  });
  return { raised, figures, messages: day.messages.length, events: eventIds.size };
};
