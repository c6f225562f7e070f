import type { Fields } from '../ports/field.ts';
import type { LiveConnectors, RunningSessions } from '../ports/live-network.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { Timeline } from '../ports/timeline.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { readWindows } from '../roll-up-windows/read-windows.ts';
import { queryAvailability } from './query-availability.ts';
import { queryRevenue } from './query-revenue.ts';
import { querySeries } from './query-series.ts';
import { querySession, querySessions } from './query-sessions.ts';
import { queryTimeline } from './query-timeline.ts';
import { queryUptime } from './query-uptime.ts';

export type QueryHistoryPorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly sessions: Pick<SessionStore, 'find' | 'list' | 'sold'>;
  readonly running: RunningSessions;
  readonly timeline: Pick<Timeline, 'list' | 'marks'>;
  readonly registry: Pick<StationRegistry, 'find' | 'list' | 'former'>;
  readonly connectors: LiveConnectors;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** The fields of the API that history and windows answer. */
export const queryHistory = (ports: QueryHistoryPorts): Fields => ({
  session: querySession(ports),
  sessions: querySessions(ports),
  timeline: queryTimeline(ports.timeline),
  series: querySeries({ ...ports, windows: readWindows(ports) }),
  availability: queryAvailability(ports.windows),
  revenue: queryRevenue(ports),
  uptimeReport: queryUptime(ports),
});
