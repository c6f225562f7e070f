import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Station } from '../../domain/station/station.ts';
import { type OcppVersion, ocppVersions, type Transport } from '../../ocpp/frames/envelope.ts';
import type { StationContact } from '../../use-cases/ports/commands/mailbox-store.ts';

const versionOf = (text: string | undefined): OcppVersion | undefined =>
  ocppVersions.find((version) => version === text);

const transports: readonly Transport[] = ['websocket', 'mqtt'];

/** What tells how a station is reached: these attributes of its item. */
export const contactAttributes = ['stationId', 'registration', 'connectivity', 'state'] as const;

/** How a station is reached, by what is stored of it; undefined for one that is not registered. */
export const contactOf = ({ registration, connectivity, state }: Station): StationContact | undefined => {
  if (registration === undefined) return undefined;
  const { connectionId, connectedAt, transport: way } = connectivity ?? {};
  const ocpp = versionOf(connectivity?.ocpp ?? registration.ocpp);
  const transport = transports.find((one) => one === way);
  const { admission, connectors } = registration;
  const known = { admission, ocpp, connectors, ...omitUndefined({ capabilities: state?.capabilities }) };
  return connectionId === undefined || connectedAt === undefined || ocpp === undefined || transport === undefined
    ? known
    : { ...known, connection: { connectionId, ocpp, transport, openedAt: connectedAt } };
};
