import type { Connector } from '../connector/connector.ts';
import {
  type EvaluationScope,
  evaluateConnectorRule,
  evaluateNetworkRule,
  evaluateSiteRule,
  evaluateStationRule,
  type RuleVerdict,
  stateEvaluation,
} from './evaluate-rule.ts';
import type { StateEvaluation } from './evaluation.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import type { Rule } from './rule.ts';
import { connectorRules, networkRules, siteRules, stationRules } from './rules/index.ts';
import type { SiteSnapshot } from './site-snapshot.ts';
import { type StationContact, type StationSnapshot, stationContact, stationVersion } from './station-snapshot.ts';
import { connectorSubject, networkSubject, siteSubject, stationSubject } from './subject.ts';
import { type ThresholdOverrides, thresholdsFor } from './thresholds.ts';

/** One rule evaluated on one subject by the sweep. */
export type SweepEvaluation = {
  /** The subject's station is offline, or nobody knows whether the subject is there: nothing is to be concluded. */
  readonly suppressed: boolean;
  readonly driven: Rule['driven'];
  /** When the subject was last heard of, ms. */
  readonly heardAt: number;
  readonly evaluation: StateEvaluation;
};

/**
 * What the minute sweep evaluates: every rule with a state, on every subject. Change-driven rules too, because time
 * alone makes some of them true and because a record that was parked must not hide a fault for ever.
 */
export const evaluateStation = (
  snapshot: StationSnapshot,
  now: number,
  overrides: ThresholdOverrides,
): readonly SweepEvaluation[] => {
  const thresholds = thresholdsFor(snapshot.registration.siteId, overrides);
  const context = { now, thresholds, station: stationContact(snapshot) };
  const version = (rule: Rule): number => (rule.driven === 'sweep' ? now : stationVersion(snapshot));
  return stationRules
    .filter(({ check }) => check)
    .map((rule) =>
      sweepEvaluation(rule, evaluateStationRule(rule, snapshot, context), {
        subject: stationSubject(snapshot),
        version: version(rule),
        context,
      }),
    );
};

export const evaluateConnector = (
  connector: Connector,
  station: StationContact,
  now: number,
  overrides: ThresholdOverrides,
): readonly SweepEvaluation[] => {
  const context = { now, thresholds: thresholdsFor(connector.place.siteId, overrides), station };
  const version = (rule: Rule): number => (rule.driven === 'sweep' ? now : connector.rev);
  // Rules without a state, too: their alerts are held while the station is offline.
  return connectorRules.map((rule) =>
    sweepEvaluation(rule, evaluateConnectorRule(rule, connector, context), {
      subject: connectorSubject(connector),
      version: version(rule),
      context: { ...context, station: { ...station, heardAt: connector.lastSeenAt } },
    }),
  );
};

export const evaluateSite = (
  snapshot: SiteSnapshot,
  now: number,
  overrides: ThresholdOverrides,
): readonly SweepEvaluation[] => {
  const context = {
    now,
    thresholds: thresholdsFor(snapshot.siteId, overrides),
    station: { heardAt: now, connected: true },
  };
  const scope = { subject: siteSubject(snapshot), version: now, context };
  return siteRules.map((rule) => sweepEvaluation(rule, evaluateSiteRule(rule, snapshot, context), scope));
};

export const evaluateNetwork = (
  snapshot: NetworkSnapshot,
  now: number,
  overrides: ThresholdOverrides,
): readonly SweepEvaluation[] => {
  const context = { now, thresholds: thresholdsFor(undefined, overrides), station: { heardAt: now, connected: true } };
  const scope = { subject: networkSubject(snapshot), version: now, context };
  return networkRules.map((rule) => sweepEvaluation(rule, evaluateNetworkRule(rule, snapshot, context), scope));
};

const sweepEvaluation = (rule: Rule, verdict: RuleVerdict, scope: EvaluationScope): SweepEvaluation => {
  const suppressed = verdict === 'suppressed';
  const findings = suppressed ? { whileHolding: undefined, whileNot: undefined } : verdict;
  return {
    suppressed,
    driven: rule.driven,
    heardAt: scope.context.station.heardAt,
    evaluation: stateEvaluation(rule, findings, scope),
  };
};
