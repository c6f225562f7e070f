import type { EndedSession } from '../kernel/ended-session.ts';
import type { Place } from '../registry/place.ts';
import type { Registration } from '../registry/registration.ts';
import { toldSeries } from '../windows/series/index.ts';
import type { StationWritten } from '../windows/series.ts';
import type { Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** What one write of a station's item adds to history. */
export type StationHistory = {
  readonly rows: readonly Window[];
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

/** Reads a station's outbox as history: its rows, its timeline and its orphans. */
export const stationHistory = (written: StationWritten): StationHistory => {
  const { state, registration } = written;
  return {
    rows: toldSeries.flatMap(({ source }) => [...(source.ofStation?.(written) ?? [])]),
    entries: entriesOf(state.stationId, state.outbox),
    sessions: state.outbox.flatMap((change) =>
      change.type === 'SessionEnded' ? [{ ...change.session, rev: state.rev }] : [],
    ),
    place: stationPlace(registration),
  };
};
