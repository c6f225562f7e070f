import type { StatusReport } from '../../connector/status-report.ts';
import { serviceOf } from '../../kernel/service.ts';
import type { StateChange } from '../../kernel/state-change.ts';
import type { ConnectorRule, Finding, Occurrence } from '../rule.ts';
import { foundNames, stationEventOf } from '../station-event.ts';

const isGroundFault = (words: readonly (string | undefined)[]): boolean =>
  words.some(
    (word) => word !== undefined && /ground.?fa|\brcd\b|rcmu|residual.?current|earth.?(fault|leak)/i.test(word),
  );

/** Shared with the station's own rule: what a status report says of a ground fault. */
export const groundFaultIn = (report: StatusReport | undefined): Finding | undefined => {
  if (!report) return undefined;
  const { status, errorCode, vendorErrorCode, info } = report;
  // A healthy report tells of no fault, whatever its text is about: "RCD test passed".
  const isHealthy = errorCode === undefined && serviceOf(status) === 'up';
  if (!isGroundFault([errorCode, vendorErrorCode, ...(isHealthy ? [] : [info])])) return undefined;
  return {
    since: report.at,
    summary: 'Ground fault: residual-current protection tripped',
    detail: { status, ...(errorCode === undefined ? {} : { errorCode }) },
  };
};

/** What a device event (2.x) tells of a ground fault: that it is there or, where the device says that too, that it is over. */
export const groundFaultEvent = (change: StateChange): readonly Occurrence[] => {
  const { id, at, receivedAt } = change;
  const event = stationEventOf(change);
  if (event?.kind !== 'device' || !isGroundFault(foundNames(event))) return [];
  const over = event.cleared || /^(false|0|ok|cleared)$/i.test(event.value);
  const detail = { component: event.component, variable: event.variable, value: event.value };
  const summary = 'Ground fault: residual-current protection tripped';
  return [{ id, at, receivedAt, source: event.source, over, summary, detail }];
};

const stoppedByIt = (change: StateChange): readonly Occurrence[] => {
  if (change.type !== 'SessionEnded' || change.session.reason !== 'groundFault') return [];
  const { id, at, receivedAt, session } = change;
  const detail = { sessionId: session.sessionId };
  return [{ id, at, receivedAt, summary: 'Session stopped by a ground fault', detail }];
};

/** Protection of life: critical, and a tripped device is to be looked at even when the charger goes on. */
export const groundFault: ConnectorRule = {
  name: 'ground-fault',
  subject: 'connector',
  severity: 'critical',
  driven: 'change',
  about:
    'Raised by error code GroundFailure, an RCD device event or a session that stopped for it; clears when the report is healthy again and every such device tells that it is over, else a day after the last one.',
  check: ({ report }) => groundFaultIn(report),
  occur: ({ changes }) => changes.flatMap(stoppedByIt),
  stationEvent: groundFaultEvent,
  holdMs: ({ groundFaultHoldMs }) => groundFaultHoldMs,
};
