import { alertHistory } from '../../aws/alert-history.ts';
import { alertTable } from '../../aws/alert-table.ts';
import { thresholdSettings } from '../../aws/threshold-settings.ts';
import { resolver } from '../../runtime/resolver.ts';
import { Env } from './env.ts';
import { serveAlerts } from './serve-alerts.ts';

const env = Env.parse(process.env);

export const handler = resolver(
  serveAlerts({
    alerts: alertTable(env.ALERTS_TABLE),
    settings: thresholdSettings(env.SETTINGS_TABLE),
    history: alertHistory({ alerts: env.ALERTS_TABLE, stations: env.STATIONS_TABLE }),
    clock: Date.now,
  }),
);
