import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type Answer, answer, tagsIn } from '../../ocpp/answer.ts';
import { callError } from '../../ocpp/frames/call-error.ts';
import type { FrameEnvelope } from '../../ocpp/frames/envelope.ts';
import { type Frame, readFrame } from '../../ocpp/frames/read-frame.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import { authorizeTags, type TagPorts } from './authorize-tags.ts';
import type { NoteSeen } from './note-seen.ts';
import { startsOn } from './starts-on.ts';

export type AnswerPorts = TagPorts & {
  readonly stream: OcppStream;
  readonly noteSeen: NoteSeen;
  readonly warn: SampledWarning;
  readonly heartbeatIntervalSec: number;
};

/** A frame with the station it came from, as the transport vouches for it. */
export type Incoming = Omit<FrameEnvelope, 'kind' | 'answer'> & {
  readonly admission: 'accepted' | 'pending' | 'rejected';
  /** An instant (ms) at which the station is noted as seen already: when its connection opened; 0 if unknown. */
  readonly seenAt: number;
};

/** API Gateway and AWS IoT carry 128 KB; what is longer came another way and is not taken in. */
const MAX_BYTES = 128 * 1024;

/**
 * Answers one frame and puts it on the stream. Resolves to the text to send, or undefined to say nothing.
 * A CALL that cannot be kept gets an InternalError, which makes the charger send it again; never a success.
 * Of anything else that cannot be kept nothing is said: over MQTT it rejects, which makes AWS IoT's Lambda invocation repeat
 * it; on a socket a failed invocation would be an error message to the charger, and nobody repeats it.
 */
export const answerOcpp = (ports: AnswerPorts) => {
  const { stream, noteSeen, warn, heartbeatIntervalSec } = ports;

  const answered = async (frame: Frame, incoming: Incoming): Promise<Answer> => {
    const { stationId, ocpp, admission, receivedAt: now } = incoming;
    const tags = frame.kind === 'call' ? tagsIn(frame, ocpp) : [];
    const start = frame.kind === 'call' ? startsOn(frame) : undefined;
    const tag = await authorizeTags(tags, { stationId, now, start }, ports);
    return answer(frame, { ocpp, stationId, now, admission, heartbeatIntervalSec, tag });
  };

  const answerAndKeep = async (frame: Frame, incoming: Incoming): Promise<string | undefined> => {
    const { admission: _admission, seenAt, ...envelope } = incoming;
    const { stationId, ocpp, receivedAt } = incoming;
    const { text, keep, warnings } = await answered(frame, incoming);
    for (const { code, message } of warnings) warn(code, { stationId, ocpp, message });
    const record: FrameEnvelope = { kind: 'frame', ...envelope, ...omitUndefined({ answer: text }) };
    await Promise.all([keep ? stream.put(record) : undefined, noteSeen(stationId, receivedAt, seenAt)]);
    return text;
  };

  return async (incoming: Incoming): Promise<string | undefined> => {
    const { stationId, ocpp } = incoming;
    const frame = readFrame(incoming.frame, ocpp);
    const sizeBytes = Buffer.byteLength(incoming.frame);
    if (sizeBytes > MAX_BYTES) {
      warn('oversize', { stationId, sizeBytes });
      return frame.kind === 'call'
        ? callError(frame.id, 'RpcFrameworkError', `The message is longer than ${MAX_BYTES} bytes`, ocpp)
        : undefined;
    }
    try {
      return await answerAndKeep(frame, incoming);
    } catch (error) {
      if (frame.kind !== 'call' && incoming.transport === 'mqtt') throw error;
      if (frame.kind !== 'call') {
        warn('replyNotKept', { stationId, kind: frame.kind, error: String(error) });
        return undefined;
      }
      warn('callNotKept', { stationId, action: frame.action, error: String(error) });
      return JSON.stringify([
        4,
        frame.id,
        'InternalError',
        'The message could not be stored, please send it again',
        {},
      ]);
    }
  };
};
