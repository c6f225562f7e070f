import type { Invariant } from './invariant.ts';

/** A beginning of a station's MQTT session that nobody could be told, as a topic rule keeps it and as Lambda does. */
const isBeginningOf = (text: string, stationId: string): boolean =>
  text.includes(`presence/connected/${stationId}"`) ||
  (text.includes('"eventType":"connected"') && text.includes(`"clientId":"${stationId}"`));

export const connectionsAreKnown: Invariant = {
  name: 'connections-are-known',
  about: 'Of every charger that is connected the stack knows the connection, so that commands reach it.',
  check: async ({ points, stack }, { connectivity }) => {
    const problems: string[] = [];
    const parked = stack.parked().map(({ text }) => text);
    for (const [stationId, point] of points) {
      if (!point.isConnected()) continue;
      const { connectionId, transport } = (await connectivity(stationId)) ?? {};
      // Whichever session it believes in where one could not be told, it reaches a station on MQTT by its topic.
      const isReached = transport === 'mqtt' && parked.some((text) => isBeginningOf(text, stationId));
      const isOpen = connectionId !== undefined && (isReached || stack.hasConnection(connectionId));
      if (!isOpen)
        problems.push(`${stationId} is connected, and the stack believes in ${connectionId ?? 'no connection'}`);
    }
    return problems;
  },
};
