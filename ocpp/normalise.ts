import { valueWithoutSecrets } from '../domain/commands/without-secrets.ts';
import type { CommandAnswered, Fact, FactHeader } from '../domain/kernel/fact.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { FactContext } from './action.ts';
import { checkCall } from './check-call.ts';
import type { FrameEnvelope } from './frames/envelope.ts';
import { type Call, type Frame, type Reply, readFrame, type Send } from './frames/read-frame.ts';
import { boundedJson, isPayload, type Payload, textAt } from './payload.ts';
import { timingOf } from './timing.ts';
import { collectWarnings, type Warn, type Warning } from './warning.ts';

export type Normalised = {
  readonly facts: Fact[];
  readonly warnings: Warning[];
  /** Why the frame is unreadable or was refused: it is parked, not folded. */
  readonly rejected?: string;
};

const headerAt = (messageId: string, receivedAt: number): FactHeader => ({
  at: receivedAt,
  receivedAt,
  clock: 'receiver',
  messageId,
});

/** What the station was answered, from the answer in the envelope. */
const answerOf = ({ answer, ocpp }: FrameEnvelope): Frame | undefined =>
  answer === undefined ? undefined : readFrame(answer, ocpp);

const commandAnswered = (reply: Reply, receivedAt: number): CommandAnswered => ({
  ...headerAt(reply.id, receivedAt),
  type: 'CommandAnswered',
  outcome: reply.kind,
  ...(reply.kind === 'result'
    ? {
        ...omitUndefined({ status: isPayload(reply.payload) ? textAt(reply.payload, 'status') : undefined }),
        payload: boundedJson(valueWithoutSecrets(reply.payload)),
      }
    : {
        errorCode: reply.code,
        payload: boundedJson(valueWithoutSecrets({ description: reply.description, details: reply.details })),
      }),
});

const contextOf = (call: Call | Send, envelope: FrameEnvelope, answered: Payload, warn: Warn): FactContext => {
  const { stationId, receivedAt } = envelope;
  return {
    stationId,
    messageId: call.id,
    receivedAt,
    answered,
    tagUnverified: envelope.tagUnverified === true,
    warn,
    received: headerAt(call.id, receivedAt),
    stamped: (payload, path = '/timestamp') => ({
      ...timingOf(textAt(payload, 'timestamp'), receivedAt, warn, path),
      messageId: call.id,
    }),
  };
};

/**
 * The facts of one frame. Pure and total: any text gives facts, or the reason why it gives none.
 * A reply that settled a command, or is to settle one from here, gives none: a record of its own tells how the command ended.
 * A call that was refused (also for its sender's sake: SecurityError) gives none, whatever it says.
 */
export const normalise = (envelope: FrameEnvelope): Normalised => {
  const { warn, warnings } = collectWarnings();
  const frame = readFrame(envelope.frame, envelope.ocpp);
  if (envelope.answers !== undefined || envelope.unsettled) return { facts: [], warnings };
  if (frame.kind === 'unreadable') return { facts: [], warnings, rejected: frame.reason };
  if (frame.kind === 'result' || frame.kind === 'error')
    return { facts: [commandAnswered(frame, envelope.receivedAt)], warnings };
  if (frame.kind === 'result-error') {
    warn('result-refused', `The station could not use our result: ${frame.code} ${frame.description}`);
    const header = headerAt(frame.id, envelope.receivedAt);
    return {
      facts: [{ ...header, type: 'OtherMessageReceived', action: 'CALLRESULTERROR', summary: frame.code }],
      warnings,
    };
  }
  const answer = answerOf(envelope);
  if (answer?.kind === 'error')
    return { facts: [], warnings, rejected: `${frame.action} was answered with ${answer.code}: ${answer.description}` };
  const checked = checkCall(frame, envelope.ocpp, warn);
  if (checked.verdict === 'refused')
    return { facts: [], warnings, rejected: `${frame.action} ${checked.code}: ${checked.description}` };
  const answered = answer?.kind === 'result' && isPayload(answer.payload) ? answer.payload : {};
  const facts = [...checked.action.facts(checked.payload, contextOf(frame, envelope, answered, warn))];
  return { facts, warnings };
};
