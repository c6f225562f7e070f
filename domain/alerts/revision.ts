import type { Alert } from './alert.ts';
import { type ConditionKey, conditionKey } from './alert-id.ts';
import { afterEvaluation, afterTime, afterTimeOffline } from './lifecycle.ts';
import { rules } from './rules/index.ts';
import type { Subject } from './subject.ts';
import type { SweepEvaluation } from './sweep-evaluation.ts';
import { type ThresholdOverrides, type Thresholds, thresholdsFor } from './thresholds.ts';

/** A step of one condition's latest alert, to be taken against the store: `known` is what the sweep believes stands there. */
export type Revision = {
  readonly condition: ConditionKey;
  readonly known: Alert | undefined;
  readonly revise: (latest: Alert | undefined) => Alert | undefined;
};

/** Alerts that time may still change, by condition. */
export type Watched = ReadonlyMap<ConditionKey, Alert>;

/** A change-driven finding is left to the change stream for this long; then it was lost there, and the sweep takes it up. */
const STREAM_LAG_MS = 120_000;

/** What the sweep has to store after some subjects were evaluated: nothing, for all that is as it was. */
export const revisionsFor = (evaluations: readonly SweepEvaluation[], watched: Watched): readonly Revision[] =>
  evaluations.flatMap((swept): readonly Revision[] => {
    const { evaluation } = swept;
    const condition = conditionKey(evaluation.rule.name, evaluation.subject);
    const known = watched.get(condition);
    const revise = (latest: Alert | undefined): Alert | undefined => {
      if (swept.suppressed) return latest && afterTimeOffline(latest, evaluation.now, evaluation.thresholds);
      const next = afterEvaluation(latest, evaluation);
      return next !== undefined && next === latest ? afterTime(next, evaluation.now, evaluation.thresholds) : next;
    };
    const wanted = known ? revise(known) !== known : isDue(swept);
    return wanted ? [{ condition, known, revise }] : [];
  });

const isDue = ({ driven, heardAt, evaluation }: SweepEvaluation): boolean => {
  const finding = evaluation.whileNot;
  if (!finding) return false;
  return driven === 'sweep' || (finding.since ?? heardAt) + STREAM_LAG_MS <= evaluation.now;
};

const lasting: readonly string[] = rules.filter(({ check }) => check).map(({ name }) => name);

/**
 * The watched alerts of which nothing was evaluated: those of rules without a state live by time alone;
 * any other has lost its subject (the connector or station was removed) and ends.
 * Unless the whole fleet has been looked at (`sawAll`), nobody knows of the latter.
 */
export const revisionsForTheRest = (
  evaluated: ReadonlySet<ConditionKey>,
  watched: Watched,
  now: number,
  overrides: ThresholdOverrides,
  sawAll = true,
): readonly Revision[] =>
  [...watched.values()].flatMap((known): readonly Revision[] => {
    const isLasting = lasting.includes(known.rule);
    if (evaluated.has(known.condition) || (isLasting && !sawAll)) return [];
    const thresholds = thresholdsFor(siteOf(known.subject), overrides);
    const revise = (latest: Alert | undefined): Alert | undefined => {
      if (!latest) return undefined;
      return isLasting ? subjectGone(latest, now, thresholds) : afterTime(latest, now, thresholds);
    };
    return revise(known) === known ? [] : [{ condition: known.condition, known, revise }];
  });

const siteOf = (subject: Subject): string | undefined => (subject.kind === 'network' ? undefined : subject.siteId);

const subjectGone = (alert: Alert, now: number, thresholds: Thresholds): Alert | undefined => {
  const next = afterEvaluation(alert, {
    kind: 'state',
    rule: { name: alert.rule, severity: alert.severity },
    subject: alert.subject,
    now,
    thresholds,
    version: alert.version,
    whileHolding: undefined,
    whileNot: undefined,
    dwellMs: 0,
  });
  return next !== undefined && next === alert ? afterTime(alert, now, thresholds) : next;
};

/** Whether time may still change this alert: what the sweep has to load. */
export const isWatched = (alert: Alert): boolean =>
  alert.phase !== 'cleared' || alert.holds || alert.pendingSince !== undefined;
