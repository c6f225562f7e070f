export type ConnectorKey = { readonly stationId: string; readonly evseId: number; readonly connectorId: number };

export const connectorSortKey = ({ evseId, connectorId }: { evseId: number; connectorId: number }): string =>
  `${evseId}#${connectorId}`;

export const connectorPath = ({ stationId, evseId, connectorId }: ConnectorKey): string =>
  `${stationId}#${evseId}#${connectorId}`;
