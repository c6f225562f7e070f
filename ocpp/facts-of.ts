import type { Fact, FactHeader } from '../domain/kernel/fact.ts';
import { unreachable } from '../domain/kernel/unreachable.ts';
import { commandFacts } from './command-facts.ts';
import type { ConnectionEnvelope, Envelope, SweepEnvelope } from './frames/envelope.ts';
import { type Normalised, normalise } from './normalise.ts';
import { profileFacts } from './profile-facts.ts';

/** Facts of our own making carry no OCPP message: their id says what they are, so that repeats are recognised. */
const headerOf = (messageId: string, receivedAt: number, at = receivedAt): FactHeader => ({
  at,
  receivedAt,
  clock: 'receiver',
  messageId,
});

const connectionFact = (envelope: ConnectionEnvelope): Fact => {
  const { connectionId, ocpp, transport, receivedAt, state } = envelope;
  const header = headerOf(`${connectionId}:${state}`, receivedAt);
  return state === 'opened'
    ? { ...header, type: 'ConnectionOpened', connectionId, ocpp, transport }
    : { ...header, type: 'ConnectionClosed', connectionId };
};

/** That a station was heard is no fact beside the instant of the record. */
const sweepFacts = ({ finding, receivedAt }: SweepEnvelope): Fact[] => {
  const { at } = finding;
  switch (finding.type) {
    case 'StationLost': {
      const header = headerOf(`lost:${finding.cause}:${at}`, receivedAt, at);
      return [{ ...header, type: 'StationLost', cause: finding.cause }];
    }
    case 'StationHeard':
      return [];
    case 'SessionAbandoned': {
      const { evseId, connectorId, transactionId } = finding;
      const header = headerOf(`abandoned:${transactionId}`, receivedAt, at);
      return [{ ...header, type: 'SessionAbandoned', evseId, connectorId, transactionId }];
    }
    default:
      return unreachable(finding);
  }
};

/** The facts of any envelope of the stream; see `normalise` for frames. */
export const factsOf = (envelope: Envelope): Normalised => {
  switch (envelope.kind) {
    case 'frame':
      return normalise(envelope);
    case 'connection':
      return { facts: [connectionFact(envelope)], warnings: [] };
    case 'sweep':
      return { facts: sweepFacts(envelope), warnings: [] };
    case 'registered':
      return {
        facts: [{ ...headerOf(`registered:${envelope.receivedAt}`, envelope.receivedAt), type: 'StationRegistered' }],
        warnings: [],
      };
    case 'command': {
      const { command, receivedAt } = envelope;
      const header = headerOf(command.commandId, receivedAt);
      return {
        facts: [
          { ...header, type: 'CommandEnded', ...command },
          ...commandFacts(command, header),
          ...profileFacts(command, header),
        ],
        warnings: [],
      };
    }
    default:
      return unreachable(envelope);
  }
};
