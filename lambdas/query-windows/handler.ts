import { openWindowStore, windowStoreChoice } from '../../aws/open-window-store.ts';
import { sessionStore } from '../../aws/session-store.ts';
import { stationRegistry } from '../../aws/station-registry.ts';
import { timeline } from '../../aws/timeline.ts';
import { resolver } from '../../runtime/resolver.ts';
import { Env } from './env.ts';
import { queryWindows } from './query-windows.ts';

const env = Env.parse(process.env);

export const handler = resolver(
  queryWindows({
    windows: openWindowStore(windowStoreChoice(env.WINDOW_STORE)),
    sessions: sessionStore(env.SESSIONS_TABLE),
    timeline: timeline(env.TIMELINE_TABLE),
    registry: stationRegistry(env.STATIONS_TABLE),
  }),
);
