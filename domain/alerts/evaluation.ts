import type { Finding, Occurrence, Rule } from './rule.ts';
import type { Subject } from './subject.ts';
import type { Thresholds } from './thresholds.ts';

type Evaluated = {
  readonly rule: Pick<Rule, 'name' | 'severity'>;
  readonly subject: Subject;
  /** ms; see `RuleContext.now`. */
  readonly now: number;
  readonly thresholds: Thresholds;
};

/** What a rule says of a state. Two answers, because only the store knows whether the alert is open already (hysteresis). */
export type StateEvaluation = Evaluated & {
  readonly kind: 'state';
  readonly version: number;
  readonly whileHolding: Finding | undefined;
  readonly whileNot: Finding | undefined;
  readonly dwellMs: number;
  /**
   * Whether what is wrong, since when or how badly has changed with the item: the text of an open alert follows that. It does not
   * follow every sweep, which would write alerts each minute whose text tells how long or how much.
   */
  readonly isNews?: true;
};

/** What a rule says of something that happened. */
export type OccurrenceEvaluation = Evaluated & {
  readonly kind: 'occurrence';
  readonly version: number;
  readonly occurrence: Occurrence;
  readonly holdMs: number;
  readonly quorum: { readonly times: number; readonly withinMs: number };
};

export type Evaluation = StateEvaluation | OccurrenceEvaluation;
