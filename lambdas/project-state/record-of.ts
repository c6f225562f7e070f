import { guardOf } from '../../domain/guard.ts';
import { Rejected } from '../../domain/rejected.ts';
import type { StationRecord } from '../../domain/station/scene.ts';
import type { Envelope } from '../../ocpp/envelope.ts';
import { parseEnvelope } from '../../ocpp/envelope-json.ts';
import { factsOf } from '../../ocpp/facts-of.ts';

/** A frame that was refused or cannot be read: kept with its reason, not folded. */
export class RefusedFrame extends Rejected {
  override readonly name = 'RefusedFrame';
}

/** Only the station's own messages and connections are signs of its life; the sweep's and the operator's are not. */
const heardAtOf = (envelope: Envelope): { readonly heardAt?: number } => {
  const isHeard = envelope.kind === 'frame' || (envelope.kind === 'connection' && envelope.state === 'opened');
  return isHeard ? { heardAt: envelope.receivedAt } : {};
};

/** A record of the stream as the fold takes it. Throws Rejected for one that is to be parked. */
export const recordOf = (
  epoch: string,
  data: string,
  sequenceNumber: string,
): { readonly key: string; readonly value: StationRecord } => {
  const envelope = parseEnvelope(data);
  const { facts, rejected } = factsOf(envelope);
  if (rejected !== undefined) throw new RefusedFrame(rejected);
  const guard = guardOf(epoch.padStart(2, '0'), sequenceNumber);
  return { key: envelope.stationId, value: { guard, facts, ...heardAtOf(envelope) } };
};
