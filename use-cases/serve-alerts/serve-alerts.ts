import * as z from 'zod';
import type { Act } from '../../domain/alerts/alert.ts';
import { type AlertFigures, alertFigures } from '../../domain/alerts/alert-figures.ts';
import { thresholdNames } from '../../domain/alerts/thresholds.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { argumentsOf, bounded, id, optional, range } from '../fields/arguments-of.ts';
import type { AlertHistory } from '../ports/alert-table.ts';
import { type Field, type FieldCaller, permitted } from '../ports/field.ts';
import { type ActPorts, actOnAlerts, type SiteThresholds } from './act-on-alerts.ts';
import { listAlerts } from './list-alerts.ts';

/**
 * Strict: who acts is who asks, and a `by` among the arguments would be ignored in silence. What is said of an alert goes with
 * it into every item, event and text message.
 */
const ActArguments = z.strictObject({
  alertId: z.string(),
  note: optional(z.string().max(2_000)),
});
const Site = z.object({ siteId: id.min(1) });
/** Other settings stand in the same table, each kind under keys that begin with its name and a #. */
const otherSettings = /^[a-z]+#/;
const Thresholds = z.object({
  siteId: id.min(1).refine((siteId) => !otherSettings.test(siteId), 'is no site'),
  thresholds: z.array(z.object({ name: z.string(), value: z.number().nullish() })).min(1),
});
const Period = Site.extend(range);

const LONGEST_DAYS = 400;

/** Thresholds as a list: names are data, so a new rule needs no new schema. */
const thresholdList = ({ scope, overrides, effective }: SiteThresholds) => ({
  siteId: scope,
  thresholds: thresholdNames.map((name) => ({ name, value: effective[name], isOwn: overrides[name] !== undefined })),
});

const figuresList = ({ byRule, ...figures }: AlertFigures) => ({
  ...figures,
  byRule: Object.entries(byRule)
    .map(([rule, alerts]) => ({ rule, alerts }))
    .sort((a, b) => b.alerts - a.alerts),
});

export type ServePorts = ActPorts & { readonly history: AlertHistory; readonly clock: () => number };

/** The GraphQL fields about alerts that need more than a read: acts of people, thresholds, figures. */
export const serveAlerts = ({ history, clock, ...ports }: ServePorts): Readonly<Record<string, Field>> => {
  const desk = actOnAlerts(ports);
  const actOf = (args: unknown, caller: FieldCaller): readonly [alertId: string, act: Act] => {
    permitted(caller, 'operator', 'To act on alerts');
    const { alertId, note } = argumentsOf(ActArguments, args);
    return [alertId, { by: caller.by, at: clock(), ...omitUndefined({ note }) }];
  };
  return {
    alerts: listAlerts(history),
    acknowledgeAlert: async (args, caller) => ({ items: [await desk.acknowledgeAlert(...actOf(args, caller))] }),
    clearAlert: async (args, caller) => ({ items: [await desk.clearAlert(...actOf(args, caller))] }),
    siteThresholds: async (args) => thresholdList(await desk.siteThresholds(argumentsOf(Site, args).siteId)),
    setSiteThresholds: async (args, caller) => {
      permitted(caller, 'administrator', 'To set thresholds');
      const { siteId, thresholds } = argumentsOf(Thresholds, args);
      const patch = Object.fromEntries(thresholds.map(({ name, value }) => [name, value ?? null]));
      return thresholdList(await desk.setSiteThresholds(siteId, patch));
    },
    alertFigures: async (args) => {
      const { siteId, from, to } = argumentsOf(Period, args);
      bounded({ from, to }, LONGEST_DAYS, 'alerts');
      const [alerts, stations] = await Promise.all([history.ofSite(siteId, from, to), history.stationsOf(siteId)]);
      return figuresList(alertFigures(alerts, { fromMs: from, toMs: to, stations }));
    },
  };
};
