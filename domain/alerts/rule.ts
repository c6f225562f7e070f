import type { Connector } from '../connector/connector.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { AlertDetail } from './alert.ts';
import type { NetworkSnapshot } from './network-snapshot.ts';
import type { Severity } from './severity.ts';
import type { SiteSnapshot } from './site-snapshot.ts';
import type { StationContact, StationSnapshot } from './station-snapshot.ts';
import type { Thresholds } from './thresholds.ts';

export type RuleContext = {
  /** ms. On the change stream: when the record was received; in the sweep: its scheduled minute. Never a clock. */
  readonly now: number;
  readonly thresholds: Thresholds;
  readonly station: StationContact;
  /** Whether this rule's alert is open (or pending) on the subject: rules with hysteresis clear later than they raise. */
  readonly holding: boolean;
};

/** A condition that holds. */
export type Finding = {
  readonly summary: string;
  readonly detail: AlertDetail;
  /** When it began, if the state tells; otherwise the instant it was first found to hold. */
  readonly since?: number;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
};

/**
 * Something that happened: the alert stands until `holdMs` after the last one. A source, such as one variable of a sensor, tells
 * when it is over, too: that ends what this source told, and nothing else.
 */
export type Occurrence = {
  readonly id: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly summary: string;
  readonly detail: AlertDetail;
  readonly severity?: Severity;
} & ({ readonly source?: undefined; readonly over?: undefined } | { readonly source: string; readonly over: boolean });

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
 * driven by 'change': evaluated when the item changes, and by the sweep for what only time brings about.
 * driven by 'sweep':  evaluated once a minute only: it joins several items, or has no state to tell since when it holds.
 */
type RuleOn<Kind extends string, Snapshot, Driver extends 'change' | 'sweep'> = RuleBase & {
  readonly subject: Kind;
  readonly driven: Driver;
  readonly check?: (snapshot: Snapshot, context: RuleContext) => Finding | undefined;
  /** How long a finding without `since` has to hold before anyone is told. */
  readonly dwellMs?: (thresholds: Thresholds) => number;
  /** Occurrences within a change record, between the item's images. */
  readonly occur?: (update: ItemUpdate<Snapshot>, context: RuleContext) => readonly Occurrence[];
  /**
   * For connectors' rules: occurrences in what the station recorded about one of its connectors. It stands in the outbox of
   * the station, whose change record knows nothing of the connector's own state.
   */
  readonly stationEvent?: (change: StateChange, thresholds: Thresholds) => readonly Occurrence[];
  readonly holdMs?: (thresholds: Thresholds) => number;
  /** Occurrences needed within a span before anyone is told; one, if absent. */
  readonly quorum?: (thresholds: Thresholds) => { readonly times: number; readonly withinMs: number };
  /** Evaluated even while the station is offline: for stations' own rules. Connectors' rules are suppressed then. */
  readonly evaluatedOffline?: boolean;
};

/** One change record of an item: its images and what the fold decided between them. */
export type ItemUpdate<Snapshot> = {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot;
  readonly changes: readonly StateChange[];
};

export type ConnectorRule = RuleOn<'connector', Connector, 'change' | 'sweep'>;
export type StationRule = RuleOn<'station', StationSnapshot, 'change' | 'sweep'>;
export type SiteRule = RuleOn<'site', SiteSnapshot, 'sweep'>;
export type NetworkRule = RuleOn<'network', NetworkSnapshot, 'sweep'>;
export type Rule = ConnectorRule | StationRule | SiteRule | NetworkRule;
