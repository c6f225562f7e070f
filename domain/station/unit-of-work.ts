import { blankConnector, type Connector } from '../connector/connector.ts';
import { withLimits } from '../connector/connector-limit-at.ts';
import { profilesInherited } from '../connector/profiles-changed.ts';
import { isOverlay } from '../connector/status-report.ts';
import { type ConnectorKey, connectorSortKey } from '../kernel/connector-key.ts';
import type { EventContext } from '../kernel/event-context.ts';
import { type Guard, recordIdOf } from '../kernel/guard.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import type { Supply } from '../profile/charging-rate.ts';
import { supplyOf } from '../profile/evse-supply.ts';
import { type Place, placeOf } from '../registry/place.ts';
import type { Station } from './station.ts';
import type { StationAggregate, StationRecord } from './station-aggregate.ts';
import { blankStation, type StationState } from './station-state.ts';

const MAX_CONNECTORS = 64;
const MAX_ID = 1000;

/** One item while a record is folded over it. An item that is past the record takes no part in it any more. */
type TrackedItem<T> = {
  readonly before: T;
  now: T;
  readonly changes: PendingChange[];
  readonly isPast: boolean;
  isTouched: boolean;
};

/** An item laid out for a record of this guard. */
const trackedItem = <T extends { readonly guard: Guard }>(item: T, guard: Guard): TrackedItem<T> => ({
  before: item,
  now: item,
  changes: [],
  isPast: item.guard >= guard,
  isTouched: false,
});

/** Takes one reducer's transition into the item. */
const apply = <T>(item: TrackedItem<T>, transition: Transition<T>): void => {
  item.now = transition.next;
  item.changes.push(...transition.changes);
};

/** Of several amendments of one session by one record only the last: each holds the whole record with its curve. */
const withoutSuperseded = (changes: readonly PendingChange[]): readonly PendingChange[] => {
  const last = new Map<string, PendingChange>();
  for (const change of changes) if (change.type === 'SessionAmended') last.set(change.session.sessionId, change);
  return changes.filter((change) => change.type !== 'SessionAmended' || last.get(change.session.sessionId) === change);
};

/** Changes with their ids: `prefix` names the record and the item, the ordinal the change. */
const identified = (changes: readonly PendingChange[], prefix: string): readonly StateChange[] =>
  // A decided change lacks nothing but its id; the compiler cannot see that through the distributed Omit.
  withoutSuperseded(changes).map((change, ordinal) => ({ id: `${prefix}.${ordinal}`, ...change }) as StateChange);

/** Whether the record is to advance the item: it changed it, said something about it, or decided on it. */
const isChanged = <T>({ before, now, changes, isTouched, isPast }: TrackedItem<T>): boolean =>
  !isPast && (isTouched || now !== before || changes.length > 0);

/** The item moved on to a record. */
const advanced = <T extends { readonly rev: number }>(item: T, guard: Guard): T => ({
  ...item,
  guard,
  rev: item.rev + 1,
});

/** What became of the items: the next aggregate, which of them changed, and whether they must be written together. */
export type FoldResult = {
  readonly aggregate: StationAggregate;
  readonly station?: { readonly changes: readonly StateChange[] };
  readonly connectors: readonly { readonly key: ConnectorKey; readonly changes: readonly StateChange[] }[];
  readonly isIndivisible: boolean;
};

/** The working copy of an aggregate for one record. It is local to one fold: nothing outside sees it change. */
export class UnitOfWork {
  readonly stationId: string;
  readonly #guard: Guard;
  readonly #heardAt: number | undefined;
  /** When the record came, ms since the epoch. */
  readonly #at: number;
  readonly #station: Station;
  readonly #state: TrackedItem<StationState>;
  readonly #connectors: Map<string, TrackedItem<Connector>>;
  #isIndivisible = false;

  constructor(aggregate: StationAggregate, record: StationRecord) {
    this.stationId = aggregate.stationId;
    this.#guard = record.guard;
    this.#heardAt = record.heardAt;
    this.#at = Math.max(record.heardAt ?? 0, ...record.facts.map(({ receivedAt }) => receivedAt));
    this.#station = aggregate.station;
    this.#state = trackedItem(aggregate.station.state ?? blankStation(aggregate.stationId), record.guard);
    this.#connectors = new Map(
      aggregate.connectors.map((item) => [connectorSortKey(item), trackedItem(item, record.guard)]),
    );
  }

  /** The aggregate as it stands now: what routing looks at. */
  get aggregate(): StationAggregate {
    const connectors = [...this.#connectors.values()].map(({ now }) => now);
    return { stationId: this.stationId, station: { ...this.#station, state: this.#state.now }, connectors };
  }

  /** Some item has been folded past this record: whatever rests on several items has been decided and written then. */
  get isRepeat(): boolean {
    return this.#state.isPast || [...this.#connectors.values()].some(({ isPast }) => isPast);
  }

  /** Marks the record as one decision over all items: they advance together, or none does. */
  decideTogether(): void {
    this.#isIndivisible = true;
    for (const item of [this.#state, ...this.#connectors.values()]) item.isTouched = true;
  }

  /** The items this record touches are to be written together. */
  bindTogether(): void {
    this.#isIndivisible = true;
  }

  onStation(reduce: (state: StationState) => Transition<StationState>): void {
    if (!this.#state.isPast) apply(this.#state, reduce(this.#state.now));
  }

  onConnector(
    key: Pick<ConnectorKey, 'evseId' | 'connectorId'>,
    reduce: (connector: Connector) => Transition<Connector>,
  ): void {
    const item = this.#connectors.get(connectorSortKey(key));
    if (item && !item.isPast) apply(item, reduce(item.now));
  }

  onEveryConnector(reduce: (connector: Connector) => Transition<Connector>): void {
    for (const item of this.#connectors.values()) if (!item.isPast) apply(item, reduce(item.now));
  }

  /** Makes sure the connector exists; says false where the station's share of connectors is used up. */
  ensure(key: Pick<ConnectorKey, 'evseId' | 'connectorId'>, at: number): boolean {
    const { evseId, connectorId } = key;
    const sortKey = connectorSortKey(key);
    if (this.#connectors.has(sortKey)) return true;
    const isPossible = [evseId, connectorId].every((id) => Number.isInteger(id) && id > 0 && id <= MAX_ID);
    if (!isPossible || this.#connectors.size >= MAX_CONNECTORS) return false;
    const own = { stationId: this.stationId, evseId, connectorId };
    const blank = blankConnector(own, placeOf(this.#station.registration, own, this.#state.now), at);
    const { report, profiles = [] } = this.#state.now;
    const overlaid: Connector = isOverlay(report) ? { ...blank, stationReport: report } : blank;
    const known = profilesInherited(overlaid, profiles, this.supplyOf(overlaid));
    this.#connectors.set(sortKey, { ...trackedItem(known, this.#guard), isTouched: true });
    this.#isIndivisible = true;
    return true;
  }

  /** How a connector is supplied, as it is registered. */
  supplyOf({ evseId, connectorId, place }: Connector): Supply {
    const registered = this.#station.registration?.connectors.find(
      (known) => known.evseId === evseId && known.connectorId === connectorId,
    );
    return supplyOf(registered ?? place);
  }

  /** Where a connector stands by now; what is known of it stays where the registry has lost it. */
  placeOf(connector: Connector): Place {
    const { registration } = this.#station;
    return registration ? placeOf(registration, connector, this.#state.now) : connector.place;
  }

  contextOf(
    { evseId, connectorId }: Pick<ConnectorKey, 'evseId' | 'connectorId'>,
    at: number,
    receivedAt: number,
  ): EventContext {
    return { stationId: this.stationId, evseId, connectorId, at, receivedAt };
  }

  /** The outcome of the record. Items on which it changed nothing stay as they were, guard and all. */
  finish(): FoldResult {
    const recordId = recordIdOf(this.#guard);
    const items = [...this.#connectors.values()];
    const connectors = items.map((item) => {
      if (!isChanged(item)) return item.before;
      const { now } = item;
      const lastSeenAt = Math.max(now.lastSeenAt, this.#heardAt ?? 0);
      return advanced(withLimits({ ...now, place: this.placeOf(now), lastSeenAt }, this.#at), this.#guard);
    });
    const state = isChanged(this.#state) ? advanced(this.#state.now, this.#guard) : this.#station.state;
    return {
      aggregate: { stationId: this.stationId, station: { ...this.#station, ...(state && { state }) }, connectors },
      ...(isChanged(this.#state) ? { station: { changes: identified(this.#state.changes, recordId) } } : {}),
      connectors: items.filter(isChanged).map(({ now, changes }) => ({
        key: { stationId: this.stationId, evseId: now.evseId, connectorId: now.connectorId },
        changes: identified(changes, `${recordId}.${now.evseId}.${now.connectorId}`),
      })),
      isIndivisible: this.#isIndivisible,
    };
  }
}
