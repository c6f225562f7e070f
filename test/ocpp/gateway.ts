import { type AnswerContext, answer } from '../../ocpp/answer.ts';
import type { FrameEnvelope, OcppVersion } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import { normalise } from '../../ocpp/normalise.ts';

/** 2026-11-20, noon UTC: the gateway's clock in these tests. */
export const now = Date.UTC(2026, 10, 20, 12);

export const accepted: AnswerContext = {
  ocpp: '1.6',
  stationId: 'S',
  now,
  admission: 'accepted',
  heartbeatIntervalSec: 540,
  tag: () => ({ status: 'Accepted' }),
};

export const frameEnvelope = (
  frame: string,
  { answer: answered, ...rest }: { ocpp?: OcppVersion; receivedAt?: number; answer?: string | undefined } = {},
): FrameEnvelope => ({
  kind: 'frame',
  stationId: 'S',
  ocpp: '1.6',
  transport: 'websocket',
  receivedAt: now,
  frame,
  ...rest,
  ...(answered === undefined ? {} : { answer: answered }),
});

/** The gateway's reply to a raw frame, parsed; undefined for silence. */
export const reply = (text: string, context: Partial<AnswerContext> = {}): unknown => {
  const full = { ...accepted, ...context };
  const answered = answer(readFrame(text, full.ocpp), full).text;
  return answered === undefined ? undefined : JSON.parse(answered);
};

/** The reply to a call with message id "m". */
export const replyTo = (action: string, payload: unknown, context: Partial<AnswerContext> = {}): unknown =>
  reply(JSON.stringify([2, 'm', action, payload]), context);

/** Frame text through the gateway and on to facts. */
export const answerAndNormalise = (text: string, context: Partial<AnswerContext> = {}) => {
  const full = { ...accepted, ...context };
  const answered = answer(readFrame(text, full.ocpp), full).text;
  return normalise(frameEnvelope(text, { ocpp: full.ocpp, receivedAt: full.now, answer: answered }));
};

/** A call with message id "m" through the gateway and on to facts. */
export const normaliseCall = (action: string, payload: unknown, context: Partial<AnswerContext> = {}) =>
  answerAndNormalise(JSON.stringify([2, 'm', action, payload]), context);

/** Type, id and, of an error, its code (of a result: its payload). */
export const head = (answered: unknown): unknown[] => (Array.isArray(answered) ? answered.slice(0, 3) : []);
