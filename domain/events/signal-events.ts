import type { ReliefRequest } from '../demand-response/grid-signal.ts';
import { inKw } from '../demand-response/in-kw.ts';
import type { PlanFigures, SignalChange, SignalCheck, SignalRecord } from '../demand-response/signal-record.ts';
import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { DETAIL_VERSION, type PublishedEvent } from './published-event.ts';

const requestFields = (request: ReliefRequest): Readonly<Record<string, unknown>> => {
  switch (request.kind) {
    case 'zone-reduction':
      return { zoneId: request.zoneId, reductionKw: inKw(request.reductionW) };
    case 'site-curtailment':
      return { siteId: request.siteId, curtailmentPct: request.percent };
    default:
      return unreachable(request);
  }
};

const figureFields = ({ baselineW, askedW, plannedW, shortfallW, stationCount, unknownCount }: PlanFigures) => ({
  baselineKw: inKw(baselineW),
  askedKw: inKw(askedW),
  plannedKw: inKw(plannedW),
  shortfallKw: inKw(shortfallW),
  stationCount,
  unknownCount,
});

const checkFields = ({ deliveredW, plannedW, nonResponsiveCount }: SignalCheck) => ({
  deliveredKw: inKw(deliveredW),
  plannedKw: inKw(plannedW),
  nonResponsiveCount,
});

const changeFields = (change: SignalChange, { signal }: SignalRecord): Readonly<Record<string, unknown>> => {
  switch (change.type) {
    case 'Signalled':
      return { by: signal.by, ...omitUndefined({ why: signal.why }) };
    case 'Planned':
      return { round: change.round, ...figureFields(change.figures) };
    case 'Dispatched':
      return { round: change.round, sentCount: change.sentCount, refusedCount: change.refusedCount };
    case 'Verified':
      return { round: change.round, ...checkFields(change.check) };
    case 'Shortfall':
      return { missingKw: inKw(change.missingW) };
    case 'Restored':
      return { by: change.by, why: change.why };
    case 'Completed':
      return { as: change.as, ...omitUndefined({ reason: change.reason }) };
    default:
      return unreachable(change);
  }
};

/** The events of one write of a grid signal: what its outbox holds, each with a number of its own. */
export const signalEvents = (record: SignalRecord): readonly PublishedEvent[] => {
  const { signalId, version, type, priority, startAt, endAt } = record.signal;
  return record.outbox.map((change, index) => ({
    type: `DemandResponse${change.type}`,
    detail: {
      version: DETAIL_VERSION,
      id: `grid/${signalId}/${record.toldCount + index}`,
      time: iso(change.at),
      signalId,
      signalVersion: version,
      type,
      priority,
      startAt: iso(startAt),
      endAt: iso(endAt),
      ...requestFields(record.signal),
      ...changeFields(change, record),
    },
  }));
};
