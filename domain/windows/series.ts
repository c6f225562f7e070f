import type { StatusInterval } from '../availability/status-intervals.ts';
import type { CalendarSpan } from '../calendar/local-time.ts';
import type { Connector } from '../connector/connector.ts';
import type { FleetConnector, FleetStation } from '../fleet/fleet-station.ts';
import type { Measures } from '../kernel/measures.ts';
import type { Registration } from '../registry/registration.ts';
import type { StationState } from '../station/station-state.ts';
import type { SessionRecord } from '../tariff/session-record.ts';
import type { StationExclusion } from '../uptime/uptime-row.ts';
import type { Calendar } from './calendar.ts';
import type { Window } from './window.ts';

/**
 * One kind of window: all there is to know about it. Entries are listed in `series/index.ts`; recording, rolling up, marking
 * what late data changed, querying, retention and the documentation loop over that list.
 */
export type Series<Kind extends Source = Source> = {
  /** Ends in the size of its windows: load_1m, revenue_1h, uptime_1d. */
  readonly name: string;
  readonly sizeMs: number;
  /** Distance between starts; smaller than `sizeMs` for hopping windows. */
  readonly hopMs: number;
  /** What a key of the series names, for people. */
  readonly keyedBy: string;
  /** What a window says, for people: one line of the documentation. */
  readonly about: string;
  /** Every measure it can carry and what it means. A trailing * stands for a status or an exclusion reason. */
  readonly measures: Readonly<Record<string, string>>;
  /** How many days rows are kept where the store can forget; absent: for good. */
  readonly keptDays?: number;
  readonly source: Kind;
};

/** Where rows come from: told by one write of an item, rolled up from what was stored, or computed when somebody asks. */
export type Source = Told | RolledUp | ComputedOnRead;

/**
 * Base rows: what one write of an item says, made as they are asked for. Pure, and the same for the same item: recording it
 * again changes nothing.
 */
export type Told = {
  readonly kind: 'told';
  readonly ofConnector?: (connector: Connector) => Iterable<Window>;
  readonly ofStation?: (written: StationWritten) => Iterable<Window>;
};

/** An item of table stations as windows and history read it. */
export type StationWritten = { readonly state: StationState; readonly registration?: Registration | undefined };

/** Rows recomputed from other rows, never incremented: the same input gives the same row. */
export type RolledUp = {
  readonly kind: 'rolledUp';
  /** What `compute` reads; late data of these kinds mark rows to compute again. */
  readonly inputs: readonly InputName[];
  /** The keys a connector counts under. */
  readonly keys: (connector: Located) => readonly SeriesKey[];
  /** What flows and is sold at connectors that nobody registered counts too; what is owed by the fleet is not owed by them. */
  readonly countsUnregistered?: true;
  /** The windows of the series that overlap a stretch of time, whole, in order. */
  readonly calendar: Calendar;
  /** One window of a key; undefined where the key has no rows at all. */
  readonly compute: (group: Group, inputs: Inputs, window: CalendarSpan) => Computed | undefined;
  /** What marks name is computed also of windows that are still running; others get their first row when they are over. */
  readonly showsRunning?: true;
  /** How long after its end a window is computed again every minute, ms: its last data are still arriving. */
  readonly settleMs: number;
  /** Connectors that change nothing in windows since an instant unless something late marks them; default: none is left out. */
  readonly isQuiet?: (connector: FleetConnector, sinceAt: number) => boolean;
  readonly late: LateData;
  /**
   * The measures of a window of a group from those of its parts, each the connectors of some of its stations; absent where no
   * group has more than one station. The sweep is divided by station, so no part of it sees such a group whole.
   */
  readonly merge?: (parts: readonly Measures[]) => Measures;
  /** Whether a stored row tells what its inputs do not tell any more, and stays; default: what is computed anew always counts. */
  readonly outlasts?: (stored: Window, fresh: Window) => boolean;
  /** Rows that nobody stores, because they take few reads whenever somebody asks; default: all are stored. */
  readonly onRead?: RowsOnRead;
};

/**
 * Which rows of a rolled-up series are computed when somebody asks: all of them, or the latest, until their quarter of an hour is
 * over and can be written at once. A minute that is written as it ends is a write unit for each of the fifteen that share an item.
 */
export type RowsOnRead = { readonly rows: 'all' | 'latest'; readonly keyNames: 'station' | 'site' };

/** What data that arrive late make wrong, and how it is marked to be computed again. */
export type LateData = {
  /** Name of the marks. Series that share it are computed together, from one reading of their inputs. */
  readonly mark: string;
  /** What one mark stands for. */
  readonly piece: Calendar;
  /** Younger data need no mark: windows of that time are computed every minute anyway. */
  readonly freshMs: number;
  /** The longest time after a datum (a status, a power) whose windows it can still change, ms. */
  readonly reachMs: number;
};

/** Rows computed when somebody asks, from what is stored elsewhere. */
export type ComputedOnRead = {
  readonly kind: 'onRead';
  /** The stored series whose rows of the same key it reads. */
  readonly rows: readonly Series[];
  /** Whether it reads the statuses of the connector its key names. */
  readonly statuses: boolean;
  /** How far around the windows it must read, ms. */
  readonly marginMs: number;
  /** One window; undefined where nothing is on record of it. */
  readonly compute: (read: ReadForKey, window: CalendarSpan) => Measures | undefined;
};

export type ReadForKey = {
  readonly rows: (series: Series) => readonly Window[];
  readonly statuses: readonly StatusInterval[];
};

/** A connector as keys are made of it: one of the registry, or a live item. */
export type Located = Pick<FleetConnector, 'path' | 'stationId' | 'place'>;

/** A key a connector counts under. */
export type SeriesKey = {
  readonly key: string;
  /** What its rows say besides; those of a group's first connector count. */
  readonly labels: Window['labels'];
  /** Key of the marks that late data of the connector leave; several keys may share one. */
  readonly mark: string;
};

/** All that counts under one key. */
export type Group = {
  readonly key: string;
  readonly labels: Window['labels'];
  readonly timeZone: string;
  readonly marks: ReadonlySet<string>;
  readonly stations: readonly FleetStation[];
  readonly connectors: readonly FleetConnector[];
};

/** What roll-ups are computed from, read for all windows and connectors of a computation at once. */
export type Inputs = {
  /** Rows of the minutes of a connector, by the start of the minute they lie in: two sessions in a minute have a row each. */
  readonly minutes: (connector: FleetConnector) => ReadonlyMap<number, readonly Window[]>;
  /** Statuses of a connector, without gap. */
  readonly statuses: (connector: FleetConnector) => readonly StatusInterval[];
  /** Ended sessions of a station that may overlap the windows. Those still open are in the live items. */
  readonly sessions: (station: FleetStation) => readonly SessionRecord[];
  /** The exclusions that the operator declared for a station or its connectors: time that legal uptime leaves out. */
  readonly exclusions: (station: FleetStation) => readonly StationExclusion[];
};
export type InputName = keyof Inputs;

/** What a window came to. `isEmpty`: nothing happened, so it needs no row unless an earlier one says otherwise. */
export type Computed = {
  readonly measures: Measures;
  readonly labels?: Window['labels'];
  readonly isEmpty?: boolean;
};

/** A roll-up whose `compute` can reach exactly the inputs it names. */
export const rolledUp = <Name extends InputName>(
  source: Omit<RolledUp, 'kind' | 'inputs' | 'compute'> & {
    readonly inputs: readonly Name[];
    readonly compute: (group: Group, inputs: Pick<Inputs, Name>, window: CalendarSpan) => Computed | undefined;
  },
): RolledUp => ({ kind: 'rolledUp', ...source });

export const isToldSeries = (series: Series): series is Series<Told> => series.source.kind === 'told';

/** A series whose groups may have stations in several parts of a divided sweep. */
export type Spanning = RolledUp & { readonly merge: NonNullable<RolledUp['merge']> };

export const isSpanning = (series: Series<RolledUp>): series is Series<Spanning> => series.source.merge !== undefined;

export const isRolledUp = (series: Series): series is Series<RolledUp> => series.source.kind === 'rolledUp';
