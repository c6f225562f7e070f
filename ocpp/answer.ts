import type { AnswerContext } from './action.ts';
import { actionsOf } from './actions-of.ts';
import { checkCall } from './check-call.ts';
import { callError, callResult } from './frames/call-error.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Call, Frame, Unreadable } from './frames/read-frame.ts';
import { isPayload } from './payload.ts';
import { collectWarnings, type Warning } from './warning.ts';

export type { AnswerContext, TagVerdict } from './action.ts';

export type Answer = {
  /** The frame to send back; absent: say nothing. */
  readonly text?: string;
  /** False only for a plain accepted Heartbeat: it changes nothing and needs no record. */
  readonly keep: boolean;
  readonly action?: string;
  readonly warnings: readonly Warning[];
};

/** idTags / idTokens the answer to this call depends on, so that they can be looked up first. */
export const tagsIn = (call: Call, ocpp: OcppVersion): string[] => {
  const action = actionsOf(ocpp).actions.get(call.action);
  return isPayload(call.payload) ? [...(action?.tags?.(call.payload) ?? [])] : [];
};

/** Reports a station sends in 2.x only because we asked for them, and which we ask for while it is Pending (B02). */
const askedFor = new Set(['NotifyReport', 'NotifyMonitoringReport']);

/**
 * Whether a station that is not accepted may say this. 2.x: only BootNotification, and while Pending the reports we asked
 * for. 1.6: while Pending everything (it may have been triggered, and its transactions must not be lost: tags are refused
 * instead); while Rejected only BootNotification.
 */
const mayAsk = (action: string, { admission, ocpp }: AnswerContext): boolean =>
  admission === 'accepted' ||
  action === 'BootNotification' ||
  (admission === 'pending' && (ocpp === '1.6' || askedFor.has(action)));

/** 1.6 has no words for a frame whose id cannot be read: silence. 2.x says "-1". A broken reply is never answered. */
const answerUnreadable = ({ fault, id, reason }: Unreadable, ocpp: OcppVersion): Answer => {
  const code = fault === 'message-type' ? 'MessageTypeNotSupported' : 'RpcFrameworkError';
  const silent = fault === 'reply' || (ocpp === '1.6' && (id === undefined || fault === 'message-type'));
  return silent
    ? { keep: true, warnings: [] }
    : { text: callError(id ?? '-1', code, reason, ocpp), keep: true, warnings: [] };
};

/** What the gateway says to a frame. Never throws on any frame `readFrame` returns. */
export const answer = (frame: Frame, context: AnswerContext): Answer => {
  const { ocpp } = context;
  if (frame.kind === 'unreadable') return answerUnreadable(frame, ocpp);
  if (frame.kind !== 'call') return { keep: true, warnings: [] };
  const { warn, warnings } = collectWarnings();
  const { id, action } = frame;
  if (!mayAsk(action, context)) {
    const text = callError(id, 'SecurityError', `The station is ${context.admission}`, ocpp);
    return { text, keep: true, action, warnings };
  }
  const checked = checkCall(frame, ocpp, warn);
  if (checked.verdict === 'refused')
    return { text: callError(id, checked.code, checked.description, ocpp), keep: true, action, warnings };
  const text = callResult(id, checked.action.respond(checked.payload, context, id));
  return { text, keep: action !== 'Heartbeat' || warnings.length > 0, action, warnings };
};
