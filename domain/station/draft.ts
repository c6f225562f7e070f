import { blankConnector } from '../connector/blank.ts';
import type { Connector } from '../connector/connector.ts';
import { overlays } from '../connector/effective-status.ts';
import type { Change } from '../kernel/change.ts';
import { type ConnectorKey, connectorSortKey } from '../kernel/connector-key.ts';
import { type Guard, recordIdOf } from '../kernel/guard.ts';
import type { Moment } from '../kernel/moment.ts';
import type { Step } from '../kernel/step.ts';
import { placeOf } from '../registry/place.ts';
import type { Scene, StationRecord } from './scene.ts';
import { apply, identified, isChanged, moved, type Sheet, sheetOf } from './sheet.ts';
import type { Station, StationState } from './station.ts';
import { blankStation } from './station-facts.ts';

const MAX_CONNECTORS = 64;
const MAX_ID = 1000;

/** What became of the items: the next scene, which of them changed, and whether they must be written together. */
export type Folded = {
  readonly scene: Scene;
  readonly station?: { readonly changes: readonly Change[] };
  readonly connectors: readonly { readonly key: ConnectorKey; readonly changes: readonly Change[] }[];
  readonly isIndivisible: boolean;
};

/** The working copy of a scene for one record. It is local to one fold: nothing outside sees it change. */
export class Draft {
  readonly stationId: string;
  readonly #guard: Guard;
  readonly #heardAt: number | undefined;
  readonly #station: Station;
  readonly #state: Sheet<StationState>;
  readonly #connectors: Map<string, Sheet<Connector>>;
  #isIndivisible = false;

  constructor(scene: Scene, record: StationRecord) {
    this.stationId = scene.stationId;
    this.#guard = record.guard;
    this.#heardAt = record.heardAt;
    this.#station = scene.station;
    this.#state = sheetOf(scene.station.state ?? blankStation(scene.stationId), record.guard);
    this.#connectors = new Map(scene.connectors.map((item) => [connectorSortKey(item), sheetOf(item, record.guard)]));
  }

  /** The scene as it stands now: what routing looks at. */
  get scene(): Scene {
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
    for (const sheet of [this.#state, ...this.#connectors.values()]) sheet.isTouched = true;
  }

  /** The items this record touches are to be written together. */
  bindTogether(): void {
    this.#isIndivisible = true;
  }

  onStation(reduce: (state: StationState) => Step<StationState>): void {
    if (!this.#state.isPast) apply(this.#state, reduce(this.#state.now));
  }

  onConnector(
    key: Pick<ConnectorKey, 'evseId' | 'connectorId'>,
    reduce: (connector: Connector) => Step<Connector>,
  ): void {
    const sheet = this.#connectors.get(connectorSortKey(key));
    if (sheet && !sheet.isPast) apply(sheet, reduce(sheet.now));
  }

  onEveryConnector(reduce: (connector: Connector) => Step<Connector>): void {
    for (const sheet of this.#connectors.values()) if (!sheet.isPast) apply(sheet, reduce(sheet.now));
  }

  /** Makes sure the connector exists; says false where the station's share of connectors is used up. */
  ensure(key: Pick<ConnectorKey, 'evseId' | 'connectorId'>, at: number): boolean {
    const { evseId, connectorId } = key;
    const sortKey = connectorSortKey(key);
    if (this.#connectors.has(sortKey)) return true;
    const isPossible = [evseId, connectorId].every((id) => Number.isInteger(id) && id > 0 && id <= MAX_ID);
    if (!isPossible || this.#connectors.size >= MAX_CONNECTORS) return false;
    const own = { stationId: this.stationId, evseId, connectorId };
    const blank = blankConnector(own, placeOf(this.#station.registration, own), at);
    const { report } = this.#state.now;
    const known: Connector = overlays(report) && report ? { ...blank, stationReport: report } : blank;
    this.#connectors.set(sortKey, { ...sheetOf(known, this.#guard), isTouched: true });
    this.#isIndivisible = true;
    return true;
  }

  moment(
    { evseId, connectorId }: Pick<ConnectorKey, 'evseId' | 'connectorId'>,
    at: number,
    receivedAt: number,
  ): Moment {
    return { stationId: this.stationId, evseId, connectorId, at, receivedAt };
  }

  /** The outcome of the record. Items on which it changed nothing stay as they were, guard and all. */
  finish(): Folded {
    const recordId = recordIdOf(this.#guard);
    const sheets = [...this.#connectors.values()];
    const connectors = sheets.map((sheet) => {
      if (!isChanged(sheet)) return sheet.before;
      const { now } = sheet;
      const lastSeenAt = Math.max(now.lastSeenAt, this.#heardAt ?? 0);
      return moved({ ...now, place: this.#placeOf(now), lastSeenAt }, this.#guard);
    });
    const state = isChanged(this.#state) ? moved(this.#state.now, this.#guard) : this.#station.state;
    return {
      scene: { stationId: this.stationId, station: { ...this.#station, ...(state && { state }) }, connectors },
      ...(isChanged(this.#state) ? { station: { changes: identified(this.#state.changes, recordId) } } : {}),
      connectors: sheets.filter(isChanged).map(({ now, changes }) => ({
        key: { stationId: this.stationId, evseId: now.evseId, connectorId: now.connectorId },
        changes: identified(changes, `${recordId}.${now.evseId}.${now.connectorId}`),
      })),
      isIndivisible: this.#isIndivisible,
    };
  }

  /** Where a connector stands by now; what is known of it stays where the registry has lost it. */
  #placeOf(connector: Connector) {
    return this.#station.registration ? placeOf(this.#station.registration, connector) : connector.place;
  }
}
