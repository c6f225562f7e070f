import { alertHistory } from '../../aws/dynamodb/alert-history.ts';
import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { resolver } from '../../runtime/resolver.ts';
import { system } from '../../runtime/system.ts';
import { serveAlerts } from '../../use-cases/serve-alerts/serve-alerts.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);

export const handler = resolver(
  serveAlerts({
    alerts: alertTable(env.ALERTS_TABLE, system),
    settings: thresholdSettings(env.SETTINGS_TABLE, system),
    history: alertHistory({ alerts: env.ALERTS_TABLE, stations: env.STATIONS_TABLE }),
    clock: system.clock,
  }),
);
