import type { Connector } from '../connector/connector.ts';
import { UNREGISTERED } from '../registry/place.ts';
import {
  type EvaluationContext,
  type EvaluationScope,
  evaluateConnectorRule,
  evaluateStationRule,
  type RuleVerdict,
  stateEvaluation,
} from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import type { ConnectorRule, Finding, ItemUpdate, Occurrence, Rule, StationRule } from './rule.ts';
import { connectorRules, stationRules } from './rules/index.ts';
import { eventConnector } from './station-event.ts';
import { type StationSnapshot, stationVersion } from './station-snapshot.ts';
import { connectorSubject, stationSubject } from './subject.ts';

/**
 * What the rules have to say of one change record. A rule is evaluated on both images as of the same moment and counts
 * only where its answers differ, so that the thousands of records that change nothing cost no read of the alerts table.
 */
export const evaluateConnectorChange = (
  update: ItemUpdate<Connector>,
  context: EvaluationContext,
): readonly Evaluation[] =>
  connectorRules.flatMap((rule: ConnectorRule) => {
    const scope = { subject: connectorSubject(update.after), version: update.after.rev, context };
    const verdictOf = (snapshot: Connector): RuleVerdict => evaluateConnectorRule(rule, snapshot, context);
    return [
      ...(mayBeGone(update) ? [] : stateEvaluations(rule, verdictOf, update, scope)),
      ...occurrences(rule, rule.occur?.(update, { ...context, holding: false }), scope),
    ];
  });

/**
 * Whether a connector that the registry does not name came back with its station, and told nothing itself: it may have been
 * taken away, and what it said last stands there all the same. The sweep knows whether it is there.
 */
const mayBeGone = ({ before, after }: ItemUpdate<Connector>): boolean =>
  after.place.connectorType === UNREGISTERED &&
  before?.status === 'offline' &&
  before.report?.receivedAt === after.report?.receivedAt;

/** The same for a station's own item, and for what it records about its connectors. */
export const evaluateStationChange = (
  update: ItemUpdate<StationSnapshot>,
  context: EvaluationContext,
): readonly Evaluation[] => [
  ...stationRules.flatMap((rule: StationRule) => {
    const scope = { subject: stationSubject(update.after), version: stationVersion(update.after), context };
    const verdictOf = (snapshot: StationSnapshot): RuleVerdict => evaluateStationRule(rule, snapshot, context);
    return [
      ...stateEvaluations(rule, verdictOf, update, scope),
      ...occurrences(rule, rule.occur?.(update, { ...context, holding: false }), scope),
    ];
  }),
  ...connectorEvents(update, context),
];

/** Below every version of a connector's item: what a station tells about a connector is no image of it. */
const NO_IMAGE = 0;

const connectorEvents = (
  { after, changes }: ItemUpdate<StationSnapshot>,
  context: EvaluationContext,
): readonly Evaluation[] =>
  changes.flatMap((change) => {
    const connector = eventConnector(change, after.registration);
    if (!connector) return [];
    const subject = { ...stationSubject(after), kind: 'connector', ...connector } as const;
    const scope = { subject, version: NO_IMAGE, context };
    return connectorRules.flatMap((rule) => occurrences(rule, rule.stationEvent?.(change, context.thresholds), scope));
  });

const stateEvaluations = <Snapshot>(
  rule: Rule,
  verdictOf: (snapshot: Snapshot) => RuleVerdict,
  { before, after }: ItemUpdate<Snapshot>,
  scope: EvaluationScope,
): readonly Evaluation[] => {
  if (rule.driven !== 'change' || !rule.check) return [];
  const now = verdictOf(after);
  if (now === 'suppressed') return [];
  const then = before === undefined ? nothing : verdictOf(before);
  return then !== 'suppressed' && fingerprint(then) === fingerprint(now)
    ? []
    : [{ ...stateEvaluation(rule, now, scope), isNews: true }];
};

const nothing: RuleVerdict = { whileHolding: undefined, whileNot: undefined };

/** What matters of a verdict: whether, since when and how badly, not the wording. */
const fingerprint = ({ whileHolding, whileNot }: Exclude<RuleVerdict, 'suppressed'>): string =>
  [whileHolding, whileNot]
    .map((finding: Finding | undefined) => (finding ? `${finding.since ?? ''}/${finding.severity ?? ''}` : 'quiet'))
    .join('|');

const occurrences = (
  rule: ConnectorRule | StationRule,
  found: readonly Occurrence[] = [],
  { subject, version, context: { now, thresholds } }: EvaluationScope,
): readonly Evaluation[] =>
  found.map((occurrence) => ({
    kind: 'occurrence',
    rule: { name: rule.name, severity: rule.severity },
    subject,
    now,
    thresholds,
    version,
    occurrence,
    holdMs: rule.holdMs?.(thresholds) ?? 0,
    quorum: rule.quorum?.(thresholds) ?? { times: 1, withinMs: 0 },
  }));
