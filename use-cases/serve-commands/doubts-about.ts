import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { integerAt, type Payload } from '../../ocpp/payload.ts';
import type { KnownStation } from '../send-command/request-command.ts';

/** What speaks against a command by what is known here; it is sent all the same, as the charger may know better. */
export type CommandWarning = {
  readonly code: 'UnknownEvse' | 'UnknownConnector';
  readonly message: string;
};

const placeDoubts = (args: Payload, connectors: readonly RegisteredConnector[]): readonly CommandWarning[] => {
  const [evseId, connectorId] = [integerAt(args, 'evseId'), integerAt(args, 'connectorId')];
  if (evseId === undefined || evseId === 0) return [];
  const ofEvse = connectors.filter((connector) => connector.evseId === evseId);
  if (ofEvse.length === 0)
    return [{ code: 'UnknownEvse', message: `The station is not registered with an EVSE ${evseId}` }];
  return connectorId === undefined || ofEvse.some((connector) => connector.connectorId === connectorId)
    ? []
    : [{ code: 'UnknownConnector', message: `EVSE ${evseId} is not registered with a connector ${connectorId}` }];
};

export const doubtsAbout = (args: Payload, { connectors }: KnownStation): readonly CommandWarning[] =>
  placeDoubts(args, connectors);
