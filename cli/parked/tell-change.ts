import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { itemChange } from '../../aws/dynamodb/item-change.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { tableChange } from '../../aws/dynamodb/table-change.ts';
import { tariffTable } from '../../aws/dynamodb/tariff-table.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { alertTopic } from '../../aws/messaging/alert-topic.ts';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import { openWindowStore, windowStoreChoice } from '../../aws/windows/open-window-store.ts';
import { system } from '../../runtime/system.ts';
import { announceAlerts } from '../../use-cases/announce-alerts/announce-alerts.ts';
import { detectAlerts } from '../../use-cases/detect-alerts/detect-alerts.ts';
import { publishChanges } from '../../use-cases/publish-changes/publish-changes.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { writtenItem } from '../../use-cases/record-history/written-item.ts';
import type { Target } from '../command-line/target.ts';

/** Does with a change of a table what every consumer of its stream does. */
export const tellChange = ({ output }: Pick<Target, 'output'>): ((record: object) => Promise<void>) => {
  const [connectors, stations, alerts] = [output('ConnectorsTable'), output('StationsTable'), output('AlertsTable')];
  const read = itemChange({ connectors, stations, alerts });
  const lines = timeline(output('TimelineTable'), system);
  const record = recordHistory({
    windows: openWindowStore(windowStoreChoice(output('WindowStore')), system),
    sessions: sessionStore(output('SessionsTable')),
    timeline: lines,
    dirty: dirtyMarks(output('TimelineTable'), system),
    tariffs: tariffTable(output('TariffsTable'), system).book,
    warn: (kind, detail) => console.warn(JSON.stringify({ kind, ...detail })),
    now: system.clock,
  });
  const { overrides } = thresholdSettings(output('SettingsTable'), system);
  const detect = detectAlerts({ alerts: alertTable(alerts, system), overrides });
  const publish = publishChanges(eventBus(output('EventBus')));
  const announce = announceAlerts({ topic: alertTopic(output('AlertTopic')), timeline: lines });
  return async (changeRecord) => {
    const change = read(tableChange(changeRecord));
    if (change === undefined) return;
    const written = writtenItem(change);
    if (written !== undefined) await record([written]);
    if (change.kind === 'alert') await announce([change.after]);
    else await detect([change]);
    await publish([change]);
  };
};
