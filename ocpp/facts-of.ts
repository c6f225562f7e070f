import type { Fact, FactHeader } from '../domain/kernel/fact.ts';
import { unreachable } from '../domain/kernel/unreachable.ts';
import type { ConnectionEnvelope, Envelope, SweepEnvelope } from './frames/envelope.ts';
import { type Normalised, normalise } from './normalise.ts';

/** Facts of our own making carry no OCPP message: their id says what they are, so that repeats are recognised. */
const ourOwn = (messageId: string, receivedAt: number, at = receivedAt): FactHeader => ({
  at,
  receivedAt,
  clock: 'receiver',
  messageId,
});

const connectionFact = (envelope: ConnectionEnvelope): Fact => {
  const { connectionId, ocpp, transport, receivedAt, state } = envelope;
  const said = ourOwn(`${connectionId}:${state}`, receivedAt);
  return state === 'opened'
    ? { ...said, type: 'ConnectionOpened', connectionId, ocpp, transport }
    : { ...said, type: 'ConnectionClosed', connectionId };
};

const sweepFact = ({ finding, receivedAt }: SweepEnvelope): Fact => {
  const { at } = finding;
  if (finding.type === 'StationLost')
    return { ...ourOwn(`lost:${finding.cause}:${at}`, receivedAt, at), type: 'StationLost', cause: finding.cause };
  const { evseId, connectorId, transactionId } = finding;
  const said = ourOwn(`abandoned:${transactionId}`, receivedAt, at);
  return { ...said, type: 'SessionAbandoned', evseId, connectorId, transactionId };
};

/** The facts of any envelope of the stream; see `normalise` for frames. */
export const factsOf = (envelope: Envelope): Normalised => {
  switch (envelope.kind) {
    case 'frame':
      return normalise(envelope);
    case 'connection':
      return { facts: [connectionFact(envelope)], warnings: [] };
    case 'sweep':
      return { facts: [sweepFact(envelope)], warnings: [] };
    case 'registered':
      return {
        facts: [{ ...ourOwn(`registered:${envelope.receivedAt}`, envelope.receivedAt), type: 'StationRegistered' }],
        warnings: [],
      };
    default:
      return unreachable(envelope);
  }
};
