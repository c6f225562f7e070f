import { util } from '@aws-appsync/utils';

/** Turns alerts, as the table and its Lambda hold them, into Alerts. */
export function request() {
  return {};
}

export function response(ctx) {
  const { items, nextToken } = ctx.prev.result;
  return { items: items.map((item) => alert(item)), nextToken };
}

function instant(ms) {
  return ms === undefined || ms === null ? null : util.time.epochMilliSecondsToISO8601(ms);
}

function act(said) {
  return said ? { at: instant(said.at), by: said.by, note: said.note } : null;
}

function alert(item) {
  const { subject } = item;
  return {
    id: item.alertId,
    alertId: item.alertId,
    rule: item.rule,
    severity: item.severity,
    status: item.phase,
    summary: item.summary,
    detail: JSON.stringify(item.detail),
    subjectKind: subject.kind,
    stationId: subject.stationId,
    evseId: subject.evseId,
    connectorId: subject.connectorId,
    siteId: subject.siteId,
    zoneId: subject.zoneId,
    region: subject.region,
    vendor: subject.vendor,
    model: subject.model,
    firmware: subject.firmware,
    name: subject.name,
    since: instant(item.since),
    raisedAt: instant(item.raisedAt),
    raises: item.raises,
    escalatedAt: instant(item.escalatedAt),
    acknowledged: act(item.acknowledged),
    cleared: act(item.cleared),
  };
}
