import { READY_AFTER_MS } from '../../domain/commands/mailbox.ts';
import { guardOf } from '../../domain/kernel/guard.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { StationRecord } from '../../domain/station/station-aggregate.ts';
import { factsOf } from '../../ocpp/facts-of.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import { MalformedEnvelope, parseEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import type { UnsettledReply, WakeUp } from '../ports/commands/wake-queue.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import { isSiteRecord } from '../ports/sites/site-record.ts';

/** A frame that was refused or cannot be read: kept with its reason, not folded. */
export class RefusedFrame extends Rejected {
  override readonly name = 'RefusedFrame';
}

/** A record as project-state takes it: what is folded, an answer that is to be settled, and a mailbox that is to be looked at. */
export type ReadRecord = StationRecord & { readonly unsettled?: UnsettledReply; readonly wakeUp?: WakeUp };

/** The answer in a frame that the gateway could not settle. */
const unsettledOf = (envelope: Envelope): { readonly unsettled?: UnsettledReply } => {
  if (envelope.kind !== 'frame' || !envelope.unsettled) return {};
  const { stationId, ocpp, frame, receivedAt } = envelope;
  return { unsettled: { stationId, ocpp, frame, receivedAt } };
};

/** A look at the mailbox of a station whose new connection it was not told of, once something may be sent on it. */
const wakeUpOf = (envelope: Envelope): { readonly wakeUp?: WakeUp } => {
  if (envelope.kind !== 'connection' || !envelope.mailboxUntold) return {};
  const { stationId, receivedAt } = envelope;
  return { wakeUp: { stationId, dueAt: receivedAt + READY_AFTER_MS } };
};

/** Only the station's own messages and connections are signs of its life, which the sweep may tell of; the operator's are not. */
const heardAtOf = (envelope: Envelope): { readonly heardAt?: number } => {
  if (envelope.kind === 'sweep' && envelope.finding.type === 'StationHeard') return { heardAt: envelope.finding.at };
  const isHeard = envelope.kind === 'frame' || (envelope.kind === 'connection' && envelope.state === 'opened');
  return isHeard ? { heardAt: envelope.receivedAt } : {};
};

/**
 * Whether the gateway refused the sender and not what it said: a station that is not admitted (yet) asks again and again.
 * That is no defect of a record, and nothing it says is kept.
 */
const isSenderRefused = (envelope: Envelope): boolean => {
  if (envelope.kind !== 'frame' || envelope.answer === undefined) return false;
  const told = readFrame(envelope.answer, envelope.ocpp);
  return told.kind === 'error' && told.code === 'SecurityError';
};

/** The envelope in a record; undefined for a record about a site, which shares the stream on a small stage. */
const envelopeOf = (data: string): Envelope | undefined => {
  try {
    return parseEnvelope(data);
  } catch (error) {
    const isJson = error instanceof MalformedEnvelope && error.cause === undefined;
    if (isJson && isSiteRecord(JSON.parse(data))) return undefined;
    throw error;
  }
};

/** A record of the stream as the fold takes it; undefined for one about a site. Throws Rejected for one that is to be parked. */
export const recordOf = (
  epoch: string,
  data: string,
  sequenceNumber: string,
  warn: SampledWarning,
): { readonly key: string; readonly value: ReadRecord } | undefined => {
  const envelope = envelopeOf(data);
  if (envelope === undefined) return undefined;
  const { stationId } = envelope;
  const { facts, rejected, warnings } = factsOf(envelope);
  for (const { code, message } of warnings) warn(code, { stationId, message });
  if (isSenderRefused(envelope)) warn('sender-refused', { stationId, reason: rejected });
  else if (rejected !== undefined) throw new RefusedFrame(rejected);
  const guard = guardOf(epoch.padStart(2, '0'), sequenceNumber);
  const toDo = { ...unsettledOf(envelope), ...wakeUpOf(envelope) };
  return { key: stationId, value: { guard, facts, ...heardAtOf(envelope), ...toDo } };
};
