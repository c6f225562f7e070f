import { callPolicies } from '../../aws/call-policy.ts';
import { alertHistory } from '../../aws/dynamodb/alert-history.ts';
import { alertTable } from '../../aws/dynamodb/alert-table.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { thresholdSettings } from '../../aws/dynamodb/threshold-settings.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { siteLimitThresholds } from '../../use-cases/configure-site/site-limit-thresholds.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { serveAlerts } from '../../use-cases/serve-alerts/serve-alerts.ts';
import { Env } from './env.ts';

/** Everything serve-alerts is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);

  return {
    handler: resolver(
      serveAlerts({
        alerts: alertTable(env.ALERTS_TABLE, system, db),
        settings: siteLimitThresholds(
          thresholdSettings(env.SETTINGS_TABLE, system, db),
          siteConfigurations(env.SITES_TABLE, system, db),
        ),
        history: alertHistory({ alerts: env.ALERTS_TABLE, stations: env.STATIONS_TABLE }, db),
        clock: system.clock,
      }),
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
