import type { Alert } from './alert.ts';
import { type ConditionKey, conditionKey } from './alert-id.ts';
import type { Asked } from './judge-fleet.ts';
import { judged, passed, passedHeld } from './lifecycle.ts';
import { rules } from './rules/index.ts';
import type { Subject } from './subject.ts';
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

/** What the sweep has to store after asking about some subjects: nothing, for all that is as it was. */
export const revisionsFor = (asked: readonly Asked[], watched: Watched): readonly Revision[] =>
  asked.flatMap((question): readonly Revision[] => {
    const { judgement } = question;
    const condition = conditionKey(judgement.rule.name, judgement.subject);
    const known = watched.get(condition);
    const revise = (latest: Alert | undefined): Alert | undefined => {
      if (question.held) return latest && passedHeld(latest, judgement.now, judgement.thresholds);
      const next = judged(latest, judgement);
      return next !== undefined && next === latest ? passed(next, judgement.now, judgement.thresholds) : next;
    };
    const wanted = known ? revise(known) !== known : isDue(question);
    return wanted ? [{ condition, known, revise }] : [];
  });

const isDue = ({ driven, heardAt, judgement }: Asked): boolean => {
  const finding = judgement.whileNot;
  if (!finding) return false;
  return driven === 'sweep' || (finding.since ?? heardAt) + STREAM_LAG_MS <= judgement.now;
};

const lasting: readonly string[] = rules.filter(({ check }) => check).map(({ name }) => name);

/**
 * The watched alerts nobody was asked about: those of rules without a state live by time alone;
 * any other has lost its subject (the connector or station was removed) and ends.
 * Unless the whole fleet has been looked at (`sawAll`), nobody knows of the latter.
 */
export const revisionsForTheRest = (
  asked: ReadonlySet<ConditionKey>,
  watched: Watched,
  now: number,
  overrides: ThresholdOverrides,
  sawAll = true,
): readonly Revision[] =>
  [...watched.values()].flatMap((known): readonly Revision[] => {
    const isLasting = lasting.includes(known.rule);
    if (asked.has(known.condition) || (isLasting && !sawAll)) return [];
    const thresholds = thresholdsFor(siteOf(known.subject), overrides);
    const revise = (latest: Alert | undefined): Alert | undefined => {
      if (!latest) return undefined;
      return isLasting ? subjectGone(latest, now, thresholds) : passed(latest, now, thresholds);
    };
    return revise(known) === known ? [] : [{ condition: known.condition, known, revise }];
  });

const siteOf = (subject: Subject): string | undefined => (subject.kind === 'network' ? undefined : subject.siteId);

const subjectGone = (alert: Alert, now: number, thresholds: Thresholds): Alert | undefined => {
  const next = judged(alert, {
    kind: 'level',
    rule: { name: alert.rule, severity: alert.severity },
    subject: alert.subject,
    now,
    thresholds,
    version: alert.version,
    whileHolding: undefined,
    whileNot: undefined,
    dwellMs: 0,
  });
  return next !== undefined && next === alert ? passed(alert, now, thresholds) : next;
};

/** Whether time may still change this alert: what the sweep has to load. */
export const isWatched = ({ phase, holds, pendingSince }: Alert): boolean =>
  phase !== 'cleared' || holds || pendingSince !== undefined;
