import type { Registration, StationState } from '../station/station.ts';
import { mainMeter1m } from '../windows/main-meter-1m.ts';
import type { Window } from '../windows/window.ts';
import { entriesOf } from './entries-of.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** What one write of a station's item adds to history. */
export type StationHistory = { readonly windows: readonly Window[]; readonly entries: readonly TimelineEntry[] };

/** Reads a station's outbox as history: its timeline, and the minutes of its main meter (the last reading of each). */
export const stationHistory = (state: StationState, registration: Registration | undefined): StationHistory => ({
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
});
