import { util } from '@aws-appsync/utils';

/** Turns items of table connectors into Connectors, each with its open session. */
export function request() {
  return {};
}

export function response(ctx) {
  const { items, nextToken } = ctx.prev.result;
  return { items: items.map((item) => connector(item)), nextToken };
}

function instant(ms) {
  return ms === undefined || ms === null ? null : util.time.epochMilliSecondsToISO8601(ms);
}

function connector(item) {
  const { stationId, evseId, connectorId, place } = item;
  const report = item.report ?? {};
  return {
    stationId,
    evseId,
    connectorId,
    siteId: place.siteId,
    zoneId: place.zoneId,
    region: place.region,
    timeZone: place.timeZone,
    connectorType: place.connectorType,
    ratedW: place.ratedW,
    status: item.status,
    statusAt: instant(item.statusAt),
    vendorStatus: report.vendorStatus,
    errorCode: report.errorCode,
    vendorErrorCode: report.vendorErrorCode,
    info: report.info,
    offlineAt: item.status === 'offline' ? instant(item.statusAt) : null,
    temperatureC: item.temperatureC,
    limitW: item.limitW,
    lastSeenAt: instant(item.lastSeenAt),
    session: item.session ? session(item.session, { stationId, evseId, connectorId, siteId: place.siteId }) : null,
  };
}

function session(open, where) {
  return {
    ...where,
    sessionId: open.sessionId,
    transactionId: open.transactionId,
    tag: open.tag,
    startedAt: instant(open.startedAt),
    meterStartWh: open.meterStartWh,
    energyWh: open.energyWh,
    powerW: open.powerW,
    currentA: open.currentA,
    voltageV: open.voltageV,
    socPercent: open.socPercent,
    temperatureC: open.temperatureC,
    offeredW: open.offeredW,
    sampledAt: instant(open.sampledAt),
    chargingState: open.chargingState,
    flags: open.flags ?? [],
  };
}
