import type { Invariant } from './invariant.ts';

export const connectionsAreKnown: Invariant = {
  name: 'connections-are-known',
  about: 'Of every charger that is connected the stack knows the connection, so that commands reach it.',
  check: async ({ points, stack }, { connectivity }) => {
    const problems: string[] = [];
    for (const [stationId, point] of points) {
      if (!point.isConnected()) continue;
      const { connectionId, isUntold } = (await connectivity(stationId)) ?? {};
      // Of a session that could not be told the stack has only the word of its station, which is reached by its topic.
      const isOpen = connectionId !== undefined && (isUntold || stack.hasConnection(connectionId));
      if (!isOpen)
        problems.push(`${stationId} is connected, and the stack believes in ${connectionId ?? 'no connection'}`);
    }
    return problems;
  },
};
