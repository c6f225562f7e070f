import type { Connector } from '../connector/connector.ts';
import type { Evaluation, StateEvaluation } from './evaluation.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import type { ConnectorRule, Finding, NetworkRule, RuleContext, SiteRule, StationRule } from './rule.ts';
import type { SiteSnapshot } from './site-snapshot.ts';
import type { StationSnapshot } from './station-snapshot.ts';
import type { Subject } from './subject.ts';
import type { Thresholds } from './thresholds.ts';

/** When a rule is asked, and by which figures. */
export type EvaluationContext = Omit<RuleContext, 'holding'>;

/** What a rule is asked about, and when. `version`: of the subject's item, or of the sweep that looks at several. */
export type EvaluationScope = {
  readonly subject: Subject;
  readonly version: number;
  readonly context: EvaluationContext;
};

/** 'suppressed': nothing can be said while the station is offline, which has an alert of its own. */
export type RuleVerdict =
  | { readonly whileHolding: Finding | undefined; readonly whileNot: Finding | undefined }
  | 'suppressed';

/** What evaluation needs of a rule, whatever its snapshot. */
type Evaluated<Snapshot> = {
  readonly check?: (snapshot: Snapshot, context: RuleContext) => Finding | undefined;
  readonly evaluatedOffline?: boolean;
};

const verdict = <Snapshot>(
  rule: Evaluated<Snapshot>,
  snapshot: Snapshot,
  offline: boolean,
  context: EvaluationContext,
): RuleVerdict => {
  if (offline && !rule.evaluatedOffline) return 'suppressed';
  return {
    whileHolding: rule.check?.(snapshot, { ...context, holding: true }),
    whileNot: rule.check?.(snapshot, { ...context, holding: false }),
  };
};

/** Suppression: a lost station silences its connectors' alerts. They are neither raised nor cleared until it is back. */
export const evaluateConnectorRule = (
  rule: ConnectorRule,
  connector: Connector,
  context: EvaluationContext,
): RuleVerdict => verdict(rule, connector, connector.status === 'offline', context);
export const evaluateStationRule = (
  rule: StationRule,
  snapshot: StationSnapshot,
  context: EvaluationContext,
): RuleVerdict =>
  verdict(rule, snapshot, snapshot.state !== undefined && snapshot.state.presence.kind !== 'online', context);
export const evaluateSiteRule = (rule: SiteRule, snapshot: SiteSnapshot, context: EvaluationContext): RuleVerdict =>
  verdict(rule, snapshot, false, context);
export const evaluateNetworkRule = (
  rule: NetworkRule,
  snapshot: NetworkSnapshot,
  context: EvaluationContext,
): RuleVerdict => verdict(rule, snapshot, false, context);

type Named = Evaluation['rule'] & { readonly dwellMs?: (thresholds: Thresholds) => number };

/** A verdict as the lifecycle takes it. */
export const stateEvaluation = (
  rule: Named,
  verdict: Exclude<RuleVerdict, 'suppressed'>,
  { subject, version, context: { now, thresholds } }: EvaluationScope,
): StateEvaluation => ({
  kind: 'state',
  rule: { name: rule.name, severity: rule.severity },
  subject,
  version,
  ...verdict,
  dwellMs: rule.dwellMs?.(thresholds) ?? 0,
  now,
  thresholds,
});
