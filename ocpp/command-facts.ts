import type { EndedCommand } from '../domain/kernel/ended-command.ts';
import type { EvseRef, Fact, FactHeader } from '../domain/kernel/fact.ts';
import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { RefusedCapability } from '../domain/kernel/reported-capabilities.ts';
import { ocppVersions } from './frames/envelope.ts';
import { integerAt, listAt, objectAt, type Payload, payloadIn, textAt } from './payload.ts';
import { profileChangeOf } from './profile-change-of.ts';
import { parseInstant } from './timing.ts';
import { toldByConfiguration } from './v16/capabilities.ts';
import { toldByVariables } from './v201/capabilities.ts';
import { evseRefOfEvse } from './v201/evse-ref.ts';

/** What was asked and answered, read; empty objects where there was nothing, or nothing that can be read. */
type Exchange = {
  readonly command: EndedCommand;
  readonly header: FactHeader;
  readonly request: Payload;
  readonly reply: Payload;
};

type Read = (exchange: Exchange) => readonly Fact[];

const isVersion16 = ({ ocpp }: EndedCommand): boolean => ocpp === '1.6';

/** Where a request is about; 1.6 connector N is EVSE N, connector N. Nowhere: the station. */
const placeOf = ({ command, request }: Exchange, evse: Payload): EvseRef => {
  if (!isVersion16(command)) return evseRefOfEvse(evse);
  const connectorId = integerAt(request, 'connectorId');
  return connectorId === undefined ? {} : { evseId: connectorId, connectorId };
};

const reasonOf = (reply: Payload): string | undefined => {
  const info = objectAt(reply, 'statusInfo');
  const words = [textAt(reply, 'status'), textAt(info, 'reasonCode')].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join(': ');
};

/** Ends after which nobody knows what the station did. Superseded and Expired: it was never sent. */
const reservationOutcomes: Partial<Record<EndedCommand['state'], 'accepted' | 'refused' | 'unknown'>> = {
  Accepted: 'accepted',
  Rejected: 'refused',
  NotSupported: 'refused',
  Failed: 'refused',
  TimedOut: 'unknown',
  Unknown: 'unknown',
};

/** What a ReserveNow asks for; undefined where its payload does not say so much. */
export const reservationAsked = (ocpp: string, request: Payload) => {
  const is16 = ocpp === '1.6';
  const reservationId = integerAt(request, is16 ? 'reservationId' : 'id');
  const expiry = textAt(request, is16 ? 'expiryDate' : 'expiryDateTime');
  const expiresAt = expiry === undefined ? undefined : parseInstant(expiry)?.at;
  if (reservationId === undefined || expiresAt === undefined) return undefined;
  const tag = is16 ? textAt(request, 'idTag') : textAt(objectAt(request, 'idToken'), 'idToken');
  const evseId = integerAt(request, is16 ? 'connectorId' : 'evseId');
  return { reservationId, expiresAt, ...omitUndefined({ tag, evseId }) };
};

const reserved: Read = ({ command, header, request, reply }) => {
  const outcome = reservationOutcomes[command.state];
  const asked = reservationAsked(command.ocpp, request);
  if (outcome === undefined || asked === undefined) return [];
  const reason = outcome === 'refused' ? (command.reason ?? reasonOf(reply)) : undefined;
  const { requestedAt } = command;
  return [{ ...header, type: 'ReservationAnswered', ...asked, outcome, requestedAt, ...omitUndefined({ reason }) }];
};

const cancelled: Read = ({ command, header, request }) => {
  const reservationId = integerAt(request, 'reservationId');
  if (command.state !== 'Accepted' || reservationId === undefined) return [];
  return [{ ...header, type: 'ReservationReleased', reservationId, how: 'Cancelled' }];
};

const availabilityAgreed: Read = (exchange) => {
  const { command, header, request, reply } = exchange;
  const kind = textAt(request, isVersion16(command) ? 'type' : 'operationalStatus');
  if (command.state !== 'Accepted' || (kind !== 'Operative' && kind !== 'Inoperative')) return [];
  const { commandId, requestedAt } = command;
  return [
    {
      ...header,
      ...placeOf(exchange, objectAt(request, 'evse')),
      type: 'AvailabilityAgreed',
      commandId,
      operative: kind === 'Operative',
      scheduled: textAt(reply, 'status')?.toLowerCase() === 'scheduled',
      requestedAt,
    },
  ];
};

const configurationTold: Read = ({ command, header, reply }) =>
  command.state === 'Accepted'
    ? [{ ...header, type: 'CapabilitiesReported', capabilities: toldByConfiguration(reply) }]
    : [];

const variablesTold: Read = ({ command, header, reply }) =>
  command.state === 'Accepted'
    ? [{ ...header, type: 'CapabilitiesReported', capabilities: toldByVariables(reply) }]
    : [];

const needsRestart = (reply: Payload): boolean =>
  textAt(reply, 'status') === 'RebootRequired' ||
  listAt(reply, 'setVariableResult').some((item) => textAt(item, 'attributeStatus') === 'RebootRequired');

/** A setting that the station took tells what it is now; one that needs a restart is told when it is asked for again. */
const settingTaken: Read = ({ command, header, request, reply }) => {
  if (command.state !== 'Accepted' || needsRestart(reply)) return [];
  const capabilities =
    command.action === 'ChangeConfiguration'
      ? toldByConfiguration({ configurationKey: [request] })
      : toldByVariables({
          getVariableResult: listAt(request, 'setVariableData').map((one) => ({ ...one, attributeStatus: 'Accepted' })),
        });
  return Object.keys(capabilities).length === 0 ? [] : [{ ...header, type: 'CapabilitiesReported', capabilities }];
};

/** The refusal of a level no station has tells nothing of the levels it has. */
const MOST_LEVELS = 1_000;

/** What a refused profile tells of the station, where it says clearly why (2.x: reason codes of the appendix). */
const refusedProfile = ({ command, request, reply }: Exchange): RefusedCapability | undefined => {
  const version = ocppVersions.find((one) => one === command.ocpp);
  const change = version && profileChangeOf(version, command.action, request);
  if (change?.type !== 'set') return undefined;
  const { purpose, stackLevel, schedule } = change.profile;
  if (command.state === 'NotSupported') return { kind: 'purpose', purpose };
  switch (textAt(objectAt(reply, 'statusInfo'), 'reasonCode')?.toLowerCase()) {
    case 'unsupportedrequest':
      return { kind: 'purpose', purpose };
    case 'unsupportedrateunit':
      return { kind: 'rateUnit', rateUnit: schedule.periods.some(({ limitW }) => limitW !== undefined) ? 'W' : 'A' };
    case 'invalidstacklevel':
      return stackLevel > 0 && stackLevel <= MOST_LEVELS ? { kind: 'stackLevel', stackLevel } : undefined;
    default:
      return undefined; // Reason codes are open: every other one is about this profile, or says nothing.
  }
};

/** A CALLERROR that the station knows or has no such action; a 1.6 station says of its list by status that it has none. */
const isActionMissing = ({ command, reply }: Exchange): boolean => {
  if (command.state !== 'NotSupported') return false;
  const code = textAt(reply, 'errorCode');
  return code === 'NotImplemented' || code === 'NotSupported' || command.action === 'SendLocalList';
};

const refusedBy = (exchange: Exchange): RefusedCapability | undefined => {
  const { action } = exchange.command;
  if (isActionMissing(exchange)) return { kind: 'action', action };
  return refusedProfile(exchange);
};

/** Commands whose end tells something of the station, by action. */
const readers: ReadonlyMap<string, Read> = new Map([
  ['CancelReservation', cancelled],
  ['ChangeAvailability', availabilityAgreed],
  ['ChangeConfiguration', settingTaken],
  ['GetConfiguration', configurationTold],
  ['GetVariables', variablesTold],
  ['ReserveNow', reserved],
  ['SetVariables', settingTaken],
]);

/** What the end of a command tells of its station beyond that it ended: of its abilities, reservations and availability. */
export const commandFacts = (command: EndedCommand, header: FactHeader): readonly Fact[] => {
  const exchange = { command, header, request: payloadIn(command.payload), reply: payloadIn(command.reply) };
  const refused = refusedBy(exchange);
  return [
    ...(readers.get(command.action)?.(exchange) ?? []),
    ...(refused === undefined ? [] : [{ ...header, type: 'CapabilityRefused', refused } as const]),
  ];
};
