import type { Invariant } from './invariant.ts';

export const noSessionNobodyHad: Invariant = {
  name: 'no-session-nobody-had',
  about: 'No session is kept that no charger had, and none is kept twice.',
  check: ({ points }, { sessions }) => {
    const had = new Set(
      [...points.values()].flatMap((point) => {
        const { stationId, transactions } = point.record();
        return transactions.map(({ transactionId }) => `${stationId} ${transactionId}`);
      }),
    );
    const kept = new Set<string>();
    return sessions.flatMap(({ stationId, transactionId, sessionId }) => {
      const name = `${stationId} ${transactionId}`;
      const found = had.has(name)
        ? kept.has(name)
          ? [`${sessionId} is kept twice`]
          : []
        : [`${sessionId}: no charger had it`];
      kept.add(name);
      return found;
    });
  },
};
