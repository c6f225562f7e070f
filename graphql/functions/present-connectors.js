import { util } from '@aws-appsync/utils';

/** Turns items of table connectors into Connectors, each with its running session. */
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
  const { stationId, evseId, connectorId, siteId, region } = item;
  const { zoneId, timeZone, connectorType, ratedW } = item.place;
  const where = { stationId, evseId, connectorId, siteId, zoneId, region, timeZone, connectorType, ratedW };
  const report = item.report ?? {};
  return {
    id: `${stationId}#${evseId}#${connectorId}`,
    ...where,
    status: item.status,
    statusAt: instant(item.statusAt),
    vendorStatus: report.vendorStatus,
    errorCode: report.errorCode,
    vendorErrorCode: report.vendorErrorCode,
    info: report.info,
    offlineAt: item.status === 'offline' ? instant(item.statusAt) : null,
    temperatureC: item.temperatureC,
    pendingAvailability: item.pendingAvailability ? pendingAvailability(stationId, item.pendingAvailability) : null,
    ...limitOf(item.limits, stationId),
    lastSeenAt: instant(item.lastSeenAt),
    session: item.session ? session(item.session, where) : null,
  };
}

function pendingAvailability(stationId, pending) {
  const { commandId, operative, scheduled, requestedAt, agreedAt } = pending;
  const when = { requestedAt: instant(requestedAt), agreedAt: instant(agreedAt) };
  return { commandId: `${stationId}/${commandId}`, operative, scheduled, ...when };
}

/** A purpose as the API names it: in camel case. */
function purposeName(purpose) {
  const [first, second] = (purpose ?? '').split('-');
  return second ? `${first}${second.slice(0, 1).toUpperCase()}${second.slice(1)}` : purpose;
}

/** The limit now, of the steps that were written down. */
function limitOf(steps, stationId) {
  const now = util.time.nowEpochMilliSeconds();
  const begun = (steps ?? []).filter((step) => step.fromAt <= now);
  const next = (steps ?? []).find((step) => step.fromAt > now);
  const step = begun[begun.length - 1];
  if (!step || step.isUnlimited) return { limitW: null, limit: null };
  const commandId = step.commandId ? `${stationId}/${step.commandId}` : null;
  const { limitW } = step;
  const purpose = purposeName(step.purpose);
  const until = next ? instant(next.fromAt) : null;
  return { limitW, limit: { isKnown: !step.isUnknown, limitW, purpose, commandId, until } };
}

function session(running, where) {
  return {
    id: running.sessionId,
    ...where,
    status: 'active',
    sessionId: running.sessionId,
    transactionId: running.transactionId,
    tag: running.tag,
    startedAt: instant(running.startedAt),
    meterStartWh: running.meterStartWh,
    energyWh: running.energyWh,
    powerW: running.powerW,
    currentA: running.currentA,
    voltageV: running.voltageV,
    socPercent: running.socPercent,
    temperatureC: running.temperatureC,
    offeredW: running.offeredW,
    sampledAt: instant(running.sampledAt),
    chargingState: running.chargingState,
    flags: running.flags ?? [],
  };
}
