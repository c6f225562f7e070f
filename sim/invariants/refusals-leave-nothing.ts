import type { Invariant } from './invariant.ts';

export const refusalsLeaveNothing: Invariant = {
  name: 'refusals-leave-nothing',
  about: 'Of what a hostile station was refused nothing stays but the refusal: no session, no status, no energy.',
  check: async ({ stranger }, { strange, sessions, windows }) => {
    const { stationId, connectors } = stranger;
    const rows = await windows(
      'connector_1m',
      connectors.map(({ evseId, connectorId }) => `${stationId}#${evseId}#${connectorId}`),
    );
    const energyWh = rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
    return [
      ...sessions.filter((session) => session.stationId === stationId).map(({ sessionId }) => `${sessionId} is kept`),
      ...strange.connectors
        .filter(({ session }) => session !== undefined)
        .map(({ evseId, connectorId }) => `${stationId} ${evseId}/${connectorId} has a session`),
      ...(energyWh > 0 ? [`${stationId} delivered ${energyWh} Wh`] : []),
    ];
  },
};
