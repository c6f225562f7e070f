import type { Feature } from '../../domain/kernel/reported-capabilities.ts';
import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { capabilitiesOf } from '../../domain/station/capability-record.ts';
import { reservationStateAt } from '../../domain/station/reservation-record.ts';
import type { Station } from '../../domain/station/station.ts';
import { integerAt, type Payload } from '../../ocpp/payload.ts';

/** What speaks against a command by what is known here; it is sent all the same, as the charger may know better. */
export type CommandWarning = {
  readonly code: 'UnknownEvse' | 'UnknownConnector' | 'MissingFeature' | 'RefusedBefore' | 'UnknownReservation';
  readonly message: string;
};

/** A command that was taken, as far as something may speak against it. */
export type TakenCommand = { readonly action: string; readonly args: Payload; readonly feature?: Feature | undefined };

const aboutPlace = (args: Payload, connectors: readonly RegisteredConnector[]): readonly CommandWarning[] => {
  const [evseId, connectorId] = [integerAt(args, 'evseId'), integerAt(args, 'connectorId')];
  if (evseId === undefined || evseId === 0) return [];
  const ofEvse = connectors.filter((connector) => connector.evseId === evseId);
  if (ofEvse.length === 0)
    return [{ code: 'UnknownEvse', message: `The station is not registered with an EVSE ${evseId}` }];
  return connectorId === undefined || ofEvse.some((connector) => connector.connectorId === connectorId)
    ? []
    : [{ code: 'UnknownConnector', message: `EVSE ${evseId} is not registered with a connector ${connectorId}` }];
};

const aboutAbilities = ({ action, feature }: TakenCommand, { state }: Station): readonly CommandWarning[] => {
  const { available = {}, enabled = {} } = state?.capabilities?.told ?? {};
  const isMissing = feature !== undefined && (available[feature] === false || enabled[feature] === false);
  const isRefused = capabilitiesOf(state?.capabilities).refusedActions.includes(action);
  return [
    ...(isMissing ? [{ code: 'MissingFeature' as const, message: `The station told that it has no ${feature}` }] : []),
    ...(isRefused ? [{ code: 'RefusedBefore' as const, message: `The station did not know ${action} before` }] : []),
  ];
};

const aboutReservation = (
  { action, args }: TakenCommand,
  { state }: Station,
  now: number,
): readonly CommandWarning[] => {
  if (action !== 'CancelReservation') return [];
  const held = (state?.reservations ?? []).filter((record) =>
    ['Requested', 'Active'].includes(reservationStateAt(record, now)),
  );
  return held.some(({ reservationId }) => reservationId === args.reservationId)
    ? []
    : [{ code: 'UnknownReservation', message: `No reservation ${args.reservationId} of the station is known` }];
};

/** `now` is ms since the epoch. */
export const doubtsAbout = (command: TakenCommand, station: Station, now: number): readonly CommandWarning[] => [
  ...aboutPlace(command.args, station.registration?.connectors ?? []),
  ...aboutAbilities(command, station),
  ...aboutReservation(command, station, now),
];
