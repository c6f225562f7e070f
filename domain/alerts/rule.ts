import type { Connector } from '../connector/connector.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { AlertDetail } from './alert.ts';
import type { Severity } from './severity.ts';
import type { Thresholds } from './thresholds.ts';
import type { NetworkView, SiteView, StationView } from './views.ts';

export type Context = {
  /** ms. On the change stream: when the record was received; in the sweep: its scheduled minute. Never a clock. */
  readonly now: number;
  readonly thresholds: Thresholds;
  /** When anything was last heard from the station, ms: on the change stream, now. */
  readonly stationHeardAt: number;
  /** Whether this rule's alert is open (or pending) on the subject: rules with hysteresis let go later than they grip. */
  readonly holding: boolean;
};

/** A condition that holds. */
export type Finding = {
  readonly summary: string;
  readonly detail: AlertDetail;
  /** When it began, if the state tells; otherwise the moment it was first judged to hold. */
  readonly since?: number;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
};

/** Something that happened: the alert stands until `holdMs` after the last one, or until one `over` arrives. */
export type Occurrence = {
  readonly id: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly over?: boolean;
  readonly summary: string;
  readonly detail: AlertDetail;
  readonly severity?: Severity;
};

type RuleBase = {
  /** kebab-case, the name of its file. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence for operators: when it is raised and when it clears. */
  readonly about: string;
};

/**
 * `check` looks at a state and says what is wrong with it: raise, repeat and clear follow from it, so the change stream and
 * the sweep cannot disagree. `occur` is for what leaves no trace in any state.
 *
 * driven by 'change': judged when the item changes, and by the sweep for what only time brings about.
 * driven by 'sweep':  judged once a minute only: it joins several items, or has no state to tell since when it holds.
 */
type RuleOn<Kind extends string, View, Driver extends 'change' | 'sweep'> = RuleBase & {
  readonly subject: Kind;
  readonly driven: Driver;
  readonly check?: (view: View, context: Context) => Finding | undefined;
  /** How long a finding without `since` has to hold before anyone is told. */
  readonly dwellMs?: (thresholds: Thresholds) => number;
  /** Occurrences within a change record, between the item's images. */
  readonly occur?: (step: Step<View>, context: Context) => readonly Occurrence[];
  /**
   * For connectors' rules: occurrences in what the station noted about one of its connectors. A note stands in the outbox of
   * the station, whose change record knows nothing of the connector's own state.
   */
  readonly noted?: (note: StateChange, thresholds: Thresholds) => readonly Occurrence[];
  readonly holdMs?: (thresholds: Thresholds) => number;
  /** Occurrences needed within a span before anyone is told; one, if absent. */
  readonly quorum?: (thresholds: Thresholds) => { readonly times: number; readonly withinMs: number };
  /** Judged even while the station is offline: for stations' own rules. Connectors' rules are held then. */
  readonly judgedOffline?: boolean;
};

/** One change record of a view's item: its images and what the fold decided between them. */
export type Step<View> = {
  readonly before: View | undefined;
  readonly after: View;
  readonly changes: readonly StateChange[];
};

export type ConnectorRule = RuleOn<'connector', Connector, 'change' | 'sweep'>;
export type StationRule = RuleOn<'station', StationView, 'change' | 'sweep'>;
export type SiteRule = RuleOn<'site', SiteView, 'sweep'>;
export type NetworkRule = RuleOn<'network', NetworkView, 'sweep'>;
export type Rule = ConnectorRule | StationRule | SiteRule | NetworkRule;
