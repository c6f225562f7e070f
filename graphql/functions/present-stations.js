import { util } from '@aws-appsync/utils';

/** Turns items of table stations into Stations. Names every field it shows: the item also holds the station's state and its outbox. */
export function request() {
  return {};
}

export function response(ctx) {
  const { items, nextToken } = ctx.prev.result;
  return { items: items.filter((item) => item.registration).map((item) => station(item)), nextToken };
}

function instant(ms) {
  return ms === undefined || ms === null ? null : util.time.epochMilliSecondsToISO8601(ms);
}

function registeredConnector(connector) {
  const { evseId, connectorId, connectorType, ratedW } = connector;
  return { evseId, connectorId, connectorType, ratedW, ...(connector.electrics ?? {}) };
}

function station(item) {
  const { registration } = item;
  const connectivity = item.connectivity ?? {};
  const state = item.state ?? {};
  return {
    id: registration.stationId,
    stationId: registration.stationId,
    siteId: registration.siteId,
    zoneId: registration.zoneId,
    region: registration.region,
    timeZone: registration.timeZone,
    latitude: registration.latitude,
    longitude: registration.longitude,
    vendor: state.vendor ?? registration.vendor,
    model: state.model ?? registration.model,
    firmware: state.firmware ?? registration.firmware,
    serialNumber: state.serialNumber,
    contractMaxW: registration.contractMaxW,
    registeredConnectors: registration.connectors.map((connector) => registeredConnector(connector)),
    admission: registration.admission,
    online: state.presence?.kind === 'online',
    onlineAt: state.presence?.kind === 'online' ? instant(state.presence.since) : null,
    ocpp: connectivity.ocpp,
    transport: connectivity.transport,
    connectedAt: instant(connectivity.connectedAt),
    disconnectedAt: instant(connectivity.disconnectedAt),
    lastSeenAt: instant(item.lastSeenAt),
    bootedAt: instant(state.bootedAt),
    clockOffsetMs: state.clockOffsetMs,
  };
}
