import { within } from '../../async/within.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { TagVerdict } from '../../ocpp/action.ts';
import { answer, tagQuestion } from '../../ocpp/answer.ts';
import { callError } from '../../ocpp/frames/call-error.ts';
import type { FrameEnvelope } from '../../ocpp/frames/envelope.ts';
import { type Frame, readFrame } from '../../ocpp/frames/read-frame.ts';
import { isSentAgain } from '../../ocpp/is-sent-again.ts';
import type { HeldEnvelopes } from '../ports/held-envelopes.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import { type Answer, isAnswer, type Settled, type SettleReply } from '../send-command/settle-reply.ts';
import { authorizeTag, type TagPorts } from './authorize-tag.ts';
import type { NoteSeen } from './note-seen.ts';
import { streamOrHold } from './stream-or-hold.ts';

export type AnswerPorts = TagPorts & {
  readonly stream: OcppStream;
  readonly held: HeldEnvelopes;
  readonly noteSeen: NoteSeen;
  readonly settle: SettleReply;
  readonly heartbeatIntervalSec: number;
};

/** A frame with the station it came from, as the transport vouches for it. */
export type Incoming = Omit<FrameEnvelope, 'kind' | 'answer' | 'answers' | 'unsettled' | 'tagUnverified'> & {
  readonly admission: 'accepted' | 'pending' | 'rejected';
  /** An instant (ms) at which the station is noted as seen already: when its connection opened; 0 if unknown. */
  readonly seenAt: number;
  /** Now, ms since the epoch, where the frame is older: AWS IoT repeats what could not be answered. `receivedAt` if left out. */
  readonly answeredAt?: number;
};

/** API Gateway and AWS IoT carry 128 KB; what is longer came another way and is not taken in. */
const MAX_BYTES = 128 * 1024;

/** Its Lambda has ten seconds. What takes longer is answered with an error of OCPP's: API Gateway's own would be no OCPP. */
const ANSWER_WITHIN_MS = 8_000;

/** How long the next call of a station waits until the answer to the one before is on the stream. */
const COPY_WITHIN_MS = 2_000;

const notKept = (id: string): string =>
  JSON.stringify([4, id, 'InternalError', 'The message could not be stored, please send it again', {}]);

/**
 * Answers one frame and puts it on the stream. Resolves to the text to send, or undefined to say nothing.
 * A CALL that a charger tells once is held where the stream does not take it; what belongs to a transaction is not, so that
 * it comes in its order. One that cannot be kept gets an InternalError, which makes the charger send it again; never a success.
 * Of anything else that cannot be kept nothing is said: over MQTT it rejects, which makes AWS IoT's Lambda invocation repeat
 * it; on a socket a failed invocation would be an error message to the charger, and nobody repeats it. Except for an answer
 * that settled a command: the next call is sent all the same.
 */
export const answerOcpp = (ports: AnswerPorts) => {
  const { stream, noteSeen, settle, sleep, warn, heartbeatIntervalSec } = ports;
  const orHeld = streamOrHold(ports);

  /**
   * Settles the command that a frame answers. On a socket the next call goes back as the answer to this frame.
   * 'not-now': the mailbox could not be read or written; the record of the frame is settled behind the stream.
   */
  const settled = async (frame: Answer, incoming: Incoming): Promise<Settled | 'not-now' | undefined> => {
    const { stationId, ocpp, transport, connectionId, seenAt: openedAt } = incoming;
    const isSocket = transport === 'websocket' && connectionId !== undefined;
    const route = isSocket ? { connectionId, ocpp, transport, openedAt } : undefined;
    try {
      return await settle(stationId, frame, ocpp, route);
    } catch (error) {
      if (!isSocket) throw error; // AWS IoT repeats it
      warn('replyNotSettled', { stationId, error: String(error) });
      return 'not-now';
    }
  };

  /**
   * Puts a frame on the stream. An answer that settled a command stands in the record of that command, which reaches the stream
   * by itself: this copy of it may be missing.
   */
  const kept = async (record: FrameEnvelope, frame: Frame): Promise<void> => {
    const { stationId, ocpp, answers } = record;
    const isToldOnce = frame.kind === 'call' && !isSentAgain(frame, ocpp);
    if (answers === undefined) return (isToldOnce ? orHeld : stream).put(record);
    await within(stream.put(record), COPY_WITHIN_MS, sleep).catch((error: unknown) =>
      warn('settledReplyNotKept', { stationId, answers, error: String(error) }),
    );
  };

  const answerAndKeep = async (frame: Frame, incoming: Incoming): Promise<string | undefined> => {
    const { admission, seenAt, answeredAt, ...envelope } = incoming;
    const { stationId, ocpp, receivedAt } = incoming;
    const question = frame.kind === 'call' ? tagQuestion(frame, ocpp, receivedAt) : undefined;
    const verdict = question && (await authorizeTag(question, stationId, ports));
    const tag = (): TagVerdict => {
      if (verdict === undefined) throw new Error('The verdict on a tag was asked for that the call does not present');
      return verdict;
    };
    const context = { ocpp, stationId, now: answeredAt ?? receivedAt, admission, heartbeatIntervalSec, tag };
    const { text, keep, warnings } = answer(frame, context);
    for (const { code, message } of warnings) warn(code, { stationId, ocpp, message });
    const tagUnverified = verdict?.unverified;
    const outcome = isAnswer(frame) ? await settled(frame, incoming) : undefined;
    const command = outcome === 'not-now' ? undefined : outcome;
    const unsettled = outcome === 'not-now' ? (true as const) : undefined;
    const told = omitUndefined({ answer: text, answers: command?.commandId, unsettled, tagUnverified });
    const record: FrameEnvelope = { kind: 'frame', ...envelope, ...told };
    await Promise.all([keep ? kept(record, frame) : undefined, noteSeen(stationId, receivedAt, seenAt)]);
    return text ?? command?.next;
  };

  const oversize = (frame: Frame, { stationId, ocpp }: Incoming, sizeBytes: number): string | undefined => {
    warn('oversize', { stationId, sizeBytes });
    return frame.kind === 'call'
      ? callError(frame.id, 'RpcFrameworkError', `The message is longer than ${MAX_BYTES} bytes`, ocpp)
      : undefined;
  };

  return async (incoming: Incoming): Promise<string | undefined> => {
    const { stationId, ocpp } = incoming;
    const frame = readFrame(incoming.frame, ocpp);
    const sizeBytes = Buffer.byteLength(incoming.frame);
    if (sizeBytes > MAX_BYTES) return oversize(frame, incoming, sizeBytes);
    try {
      return await within(answerAndKeep(frame, incoming), ANSWER_WITHIN_MS, sleep);
    } catch (error) {
      if (frame.kind !== 'call' && incoming.transport === 'mqtt') throw error;
      if (frame.kind !== 'call') {
        warn('replyNotKept', { stationId, frame: frame.kind, error: String(error) });
        return undefined;
      }
      warn('callNotKept', { stationId, action: frame.action, error: String(error) });
      return notKept(frame.id);
    }
  };
};
