import type { Invariant } from './invariant.ts';

export const connectionsAreKnown: Invariant = {
  name: 'connections-are-known',
  about: 'Of every charger that is connected the stack knows the connection, so that commands reach it.',
  check: async ({ points, stack }, { connectivity }) => {
    const problems: string[] = [];
    for (const [stationId, point] of points) {
      if (!point.isConnected()) continue;
      const connectionId = (await connectivity(stationId))?.connectionId;
      const isOpen = connectionId !== undefined && stack.hasConnection(connectionId);
      if (!isOpen)
        problems.push(`${stationId} is connected, and the stack believes in ${connectionId ?? 'no connection'}`);
    }
    return problems;
  },
};
