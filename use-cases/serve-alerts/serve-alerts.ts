import { z } from 'zod';
import type { Act } from '../../domain/alerts/alert.ts';
import { type AlertFigures, alertFigures } from '../../domain/alerts/alert-figures.ts';
import { thresholdNames } from '../../domain/alerts/thresholds.ts';
import { argumentsOf, bounded, range } from '../fields/arguments-of.ts';
import type { AlertHistory } from '../ports/alert-table.ts';
import type { Field } from '../ports/field.ts';
import { type ActPorts, actOnAlerts, type SiteThresholds } from './act-on-alerts.ts';
import { listAlerts } from './list-alerts.ts';

/** What is said of an alert goes with it into every item, event and text message. */
const ActArguments = z.object({
  alertId: z.string(),
  by: z.string().min(1).max(200),
  note: z.string().max(2_000).nullish(),
});
const Site = z.object({ siteId: z.string().min(1) });
const Thresholds = Site.extend({
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
  const actOf = (args: unknown): readonly [alertId: string, act: Act] => {
    const { alertId, by, note } = argumentsOf(ActArguments, args);
    return [alertId, { by, at: clock(), ...(typeof note === 'string' ? { note } : {}) }];
  };
  return {
    alerts: listAlerts(history),
    acknowledgeAlert: async (args) => ({ items: [await desk.acknowledgeAlert(...actOf(args))] }),
    clearAlert: async (args) => ({ items: [await desk.clearAlert(...actOf(args))] }),
    siteThresholds: async (args) => thresholdList(await desk.siteThresholds(argumentsOf(Site, args).siteId)),
    setSiteThresholds: async (args) => {
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
