import type { Act, Alert } from '../../domain/alerts/alert.ts';
import { AlertNotOpen, acknowledged, clearedByHand } from '../../domain/alerts/alert-transitions.ts';
import {
  defaultThresholds,
  type ThresholdOverrides,
  type Thresholds,
  thresholdFaults,
  thresholdsFor,
} from '../../domain/alerts/thresholds.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { AlertTable } from '../ports/alert-table.ts';
import { Conflict, NotFound } from '../ports/field.ts';
import type { ThresholdSettings } from '../ports/threshold-settings.ts';

export type ActPorts = {
  readonly alerts: Pick<AlertTable, 'revise' | 'find'>;
  readonly settings: Pick<ThresholdSettings, 'find' | 'change'>;
};

export type SiteThresholds = {
  readonly scope: string;
  /** What is set for this scope itself. */
  readonly overrides: Partial<Thresholds>;
  /** What its rules judge by. */
  readonly effective: Thresholds;
};

const NETWORK = '*';

/** What people do about alerts. Throws NotFound for an unknown alert, Conflict for one that is not open, Rejected for bad thresholds. */
export const actOnAlerts = ({ alerts, settings }: ActPorts) => {
  const act = async (alertId: string, step: (alert: Alert) => Alert): Promise<Alert> => {
    const alert = await alerts.find(alertId);
    if (!alert) throw new NotFound(`There is no alert ${alertId}`);
    const revise = (latest: Alert | undefined): Alert => {
      if (latest?.alertId !== alertId) throw new AlertNotOpen(alertId);
      return step(latest);
    };
    try {
      await alerts.revise({ condition: alert.condition, known: undefined, revise });
    } catch (error) {
      if (error instanceof AlertNotOpen) throw new Conflict(error.message, { cause: error });
      throw error;
    }
    return (await alerts.find(alertId)) ?? alert;
  };

  const thresholdsOf = async (scope: string): Promise<SiteThresholds> => {
    const overrides: ThresholdOverrides = {
      [NETWORK]: await settings.find(NETWORK),
      [scope]: await settings.find(scope),
    };
    return { scope, overrides: overrides[scope] ?? {}, effective: thresholdsFor(scope, overrides) };
  };

  return {
    acknowledgeAlert: (alertId: string, by: Act) => act(alertId, (alert) => acknowledged(alert, by)),
    clearAlert: (alertId: string, by: Act) => act(alertId, (alert) => clearedByHand(alert, by)),
    siteThresholds: thresholdsOf,
    /** Sets the named thresholds of a scope ('*' or a siteId); null takes one back to what holds above. */
    setSiteThresholds: async (
      scope: string,
      patch: Readonly<Record<string, number | null>>,
    ): Promise<SiteThresholds> => {
      const faults = thresholdFaults(
        Object.fromEntries(
          Object.entries(patch).map(([name, value]) => [name, value ?? Reflect.get(defaultThresholds, name)]),
        ),
      );
      if (faults.length > 0) throw new Rejected(faults.join('; '));
      await settings.change(scope, patch);
      return thresholdsOf(scope);
    },
  };
};
