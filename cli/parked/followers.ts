import { allOf } from '../../async/all-of.ts';
import { commandsChange } from '../../aws/commands/commands-change.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { fromAlertItem } from '../../aws/dynamodb/alert-item.ts';
import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { itemChange } from '../../aws/dynamodb/item-change.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { tariffTable } from '../../aws/dynamodb/tariff-table.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { alertTopic } from '../../aws/messaging/alert-topic.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import { system } from '../../runtime/system.ts';
import { announceAlerts } from '../../use-cases/announce-alerts/announce-alerts.ts';
import { detectAlerts } from '../../use-cases/detect-alerts/detect-alerts.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { publishChanges } from '../../use-cases/publish-changes/publish-changes.ts';
import { tellSites } from '../../use-cases/publish-changes/tell-sites.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { writtenItem } from '../../use-cases/record-history/written-item.ts';
import { relayCommands } from '../../use-cases/relay-commands/relay-commands.ts';
import type { Target } from '../command-line/target.ts';

/** A consumer of change streams, as the command line runs it on one change. */
export type Follower = {
  /** The tables it follows, by the names of the stack's outputs. */
  readonly tables: readonly string[];
  readonly tell: (change: TableChange) => Promise<void>;
};

type Outputs = Pick<Target, 'output'>;

/** Does with a change what a consumer does with a batch of one. */
const one =
  <Value>(read: (change: TableChange) => Value | undefined, handle: (values: readonly Value[]) => Promise<void>) =>
  async (change: TableChange): Promise<void> => {
    const value = read(change);
    if (value !== undefined) await handle([value]);
  };

const historyFollower = ({ output }: Outputs): Follower => {
  const read = itemChange({ connectors: output('ConnectorsTable'), stations: output('StationsTable') });
  const record = recordHistory({
    windows: openWindowStore(windowStoreChoice(output('WindowStore')), system),
    sessions: sessionStore(output('SessionsTable')),
    timeline: timeline(output('TimelineTable'), system),
    dirty: dirtyMarks(output('TimelineTable'), system),
    tariffs: tariffTable(output('TariffsTable'), system).book,
    warn: (kind, detail) => console.warn(JSON.stringify({ kind, ...detail })),
    now: system.clock,
  });
  return { tables: ['ConnectorsTable', 'StationsTable'], tell: one((change) => writtenItem(read(change)), record) };
};

const publishingFollower = ({ output }: Outputs): Follower => {
  const [connectors, stations, alerts] = [output('ConnectorsTable'), output('StationsTable'), output('AlertsTable')];
  const work = allOf(
    publishChanges(eventBus(output('EventBus'))),
    detectAlerts({
      alerts: alertTable(alerts, system),
      overrides: thresholdSettings(output('SettingsTable'), system).overrides,
    }),
    tellSites({
      configurations: siteConfigurations(output('SitesTable'), system),
      stream: siteStream(output('SignalStream'), system),
    }),
  );
  return {
    tables: ['ConnectorsTable', 'StationsTable', 'AlertsTable', 'GridTable'],
    tell: one(itemChange({ connectors, stations, alerts, grid: output('GridTable') }), work),
  };
};

const alertsFollower = ({ output }: Outputs): Follower => {
  const announce = announceAlerts({
    topic: alertTopic(output('AlertTopic')),
    timeline: timeline(output('TimelineTable'), system),
  });
  return {
    tables: ['AlertsTable'],
    tell: one(({ item }) => (item?.alertId === undefined ? undefined : fromAlertItem(item)), announce),
  };
};

const commandsFollower = ({ output }: Outputs): Follower => {
  const relay = relayCommands({
    queue: wakeQueue(output('WakeQueue'), system),
    stream: ocppStream(output('OcppStream')),
    sites: siteStream(output('SignalStream'), system),
  });
  return { tables: ['CommandsTable'], tell: one(commandsChange, relay) };
};

/** Every function that follows a table's changes, by its name. A test holds them against the functions that are deployed. */
export const followers = (outputs: Outputs): Readonly<Record<string, Follower>> => ({
  'record-history': historyFollower(outputs),
  'publish-changes': publishingFollower(outputs),
  'announce-alerts': alertsFollower(outputs),
  'relay-commands': commandsFollower(outputs),
});
