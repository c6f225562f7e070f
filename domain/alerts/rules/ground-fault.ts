import type { Change } from '../../change.ts';
import type { Report } from '../../connector/connector.ts';
import { deviceEventOf } from '../noted.ts';
import type { ConnectorRule, Finding, Occurrence } from '../rule.ts';

const isGroundFault = (words: readonly (string | undefined)[]): boolean =>
  words.some(
    (word) => word !== undefined && /ground.?fa|\brcd\b|rcmu|residual.?current|earth.?(fault|leak)/i.test(word),
  );

/** Shared with the station's own rule: what a status report says of a ground fault. */
export const groundFaultIn = (report: Report | undefined): Finding | undefined => {
  if (!report || !isGroundFault([report.errorCode, report.vendorErrorCode, report.info])) return undefined;
  return {
    since: report.at,
    summary: 'Ground fault: residual-current protection tripped',
    detail: { status: report.status, ...(report.errorCode === undefined ? {} : { errorCode: report.errorCode }) },
  };
};

/** A session stopped by a ground fault, or a device event that tells of one (2.x), with its end where it tells that too. */
export const groundFaultsAmong = (changes: readonly Change[]): readonly Occurrence[] =>
  changes.flatMap((change): readonly Occurrence[] => {
    const { id, at, receivedAt } = change;
    if (change.type === 'SessionEnded' && change.session.reason === 'groundFault')
      return [
        {
          id,
          at,
          receivedAt,
          summary: 'Session stopped by a ground fault',
          detail: { sessionId: change.session.sessionId },
        },
      ];
    const event = deviceEventOf(change);
    if (!event || !isGroundFault([event.component, event.variable])) return [];
    const over = event.cleared || /^(false|0|ok|cleared)$/i.test(event.value);
    return [
      {
        id,
        at,
        receivedAt,
        over,
        summary: 'Ground fault: residual-current protection tripped',
        detail: { component: event.component, variable: event.variable, value: event.value },
      },
    ];
  });

/** Protection of life: critical, and a tripped device is to be looked at even when the charger goes on. */
export const groundFault: ConnectorRule = {
  name: 'ground-fault',
  subject: 'connector',
  severity: 'critical',
  driven: 'change',
  about:
    'Raised by error code GroundFailure, an RCD device event or a session that stopped for it; clears when the report is healthy again and none was heard for a day.',
  check: ({ report }) => groundFaultIn(report),
  occur: ({ changes }) => groundFaultsAmong(changes),
  holdMs: ({ groundFaultHoldMs }) => groundFaultHoldMs,
};
