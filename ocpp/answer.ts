import { MINUTE_MS } from '../domain/kernel/durations.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { AnswerContext } from './action.ts';
import { actionsOf } from './actions-of.ts';
import { checkCall } from './check-call.ts';
import { callError, callResult } from './frames/call-error.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Call, Frame, Unreadable } from './frames/read-frame.ts';
import { isPayload } from './payload.ts';
import { timingOf } from './timing.ts';
import { collectWarnings, type Warning } from './warning.ts';

export type { AnswerContext, TagVerdict } from './action.ts';

export type Answer = {
  /** The frame to send back; absent: say nothing. */
  readonly text?: string;
  /** False for a plain accepted Heartbeat, which changes nothing, and for a SEND of a station that may not say it. */
  readonly keep: boolean;
  readonly action?: string;
  readonly warnings: readonly Warning[];
};

/** Whether a tag may charge, to be found out before a call is answered. */
export type TagQuestion = {
  readonly tag: string;
  /** The instant to judge it at, ms: when it was presented. */
  readonly at: number;
  /** Told after the fact: what happens now says nothing about it. */
  readonly isReplay: boolean;
  readonly starts?: { readonly evseId?: number };
};

/** A start older than this is a replay, as chargers send their queue after they were offline. 1.6 does not mark it. */
const REPLAY_AFTER_MS = 5 * MINUTE_MS;

/** The tag the answer to this call depends on; undefined for a call that presents none. */
export const tagQuestion = (call: Call, ocpp: OcppVersion, receivedAt: number): TagQuestion | undefined => {
  const presents = actionsOf(ocpp).actions.get(call.action)?.presents;
  const presented = isPayload(call.payload) ? presents?.(call.payload) : undefined;
  if (presented === undefined) return undefined;
  const { tag, stamp, offline, starts } = presented;
  const { warn } = collectWarnings(); // they are the answer's to count
  const at = stamp === undefined ? receivedAt : timingOf(stamp, receivedAt, warn, '/timestamp').at;
  return { tag, at, isReplay: offline === true || receivedAt - at > REPLAY_AFTER_MS, ...omitUndefined({ starts }) };
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
  if (frame.kind === 'send') return { keep: mayAsk(frame.action, context), warnings: [] };
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
