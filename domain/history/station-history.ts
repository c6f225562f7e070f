import type { EndedSession } from '../kernel/ended-session.ts';
import type { Place } from '../registry/place.ts';
import type { Registration } from '../registry/registration.ts';
import type { StationState } from '../station/station-state.ts';
import { mainMeter1m } from '../windows/main-meter-1m.ts';
import type { Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** An item of table stations as history reads it. */
export type StationWritten = { readonly state: StationState; readonly registration?: Registration | undefined };

/** What one write of a station's item adds to history. */
export type StationHistory = {
  readonly windows: readonly Window[];
  readonly entries: readonly TimelineEntry[];
  /** Stops that fit no connector: orphans of the station itself (0/0). */
  readonly sessions: readonly EndedSession[];
  readonly place: Place;
};

/** A place on a station that is no connector: its site, without a plug and a rating. */
const stationPlace = (registration: Registration | undefined): Place => ({
  siteId: registration?.siteId ?? 'unknown',
  zoneId: registration?.zoneId ?? 'unknown',
  region: registration?.region ?? 'unknown',
  timeZone: registration?.timeZone ?? 'UTC',
  connectorType: 'unknown',
  ratedW: 0,
});

/** Reads a station's outbox as history: its timeline, its orphans, and the minutes of its main meter (the last reading of each). */
export const stationHistory = ({ state, registration }: StationWritten): StationHistory => ({
  windows: state.outbox
    .filter((change) => change.type === 'MainMeterMeasured')
    .map((reading) => ({
      series: mainMeter1m.name,
      key: state.stationId,
      startAt: Math.floor(reading.at / mainMeter1m.sizeMs) * mainMeter1m.sizeMs,
      version: state.rev,
      measures: mainMeter1m.measure(reading),
      labels: registration === undefined ? {} : { siteId: registration.siteId, zoneId: registration.zoneId },
    })),
  entries: entriesOf(state.stationId, state.outbox),
  sessions: state.outbox.flatMap((change) =>
    change.type === 'SessionEnded' ? [{ ...change.session, rev: state.rev }] : [],
  ),
  place: stationPlace(registration),
});
