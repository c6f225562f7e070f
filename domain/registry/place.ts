import type { ConnectorKey } from '../kernel/connector-key.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Electrics } from './electrics.ts';
import type { Registration } from './registration.ts';

/** Where the connector stands and what it is: copied from the registry, so that indexes and consumers need no join. */
export type Place = {
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  readonly timeZone: string;
  readonly connectorType: string;
  readonly ratedW: number;
  /** Absent where none are registered: see `electricsOfConnector`. */
  readonly electrics?: Electrics;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
};

/** What a station is: who made it, and what runs on it. */
export type Make = Pick<Place, 'vendor' | 'model' | 'firmware'>;

/** What a station is by its own last word, where it gave one, else as it is registered: firmware changes, entries stay. */
export const makeOf = (registration: Registration, told: Make = {}): Make =>
  omitUndefined({
    vendor: told.vendor ?? registration.vendor,
    model: told.model ?? registration.model,
    firmware: told.firmware ?? registration.firmware,
  });

/** What stands for all that the registry does not tell of a place. */
export const UNREGISTERED = 'unregistered';

/**
 * Where a connector stands, from the registry; 'unregistered' for one (or a station) the registry does not know. `told` is what
 * its station said when it booted.
 */
export const placeOf = (registration: Registration | undefined, key: ConnectorKey, told?: Make): Place => {
  const known = registration?.connectors.find(
    ({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId,
  );
  return {
    siteId: registration?.siteId ?? UNREGISTERED,
    zoneId: registration?.zoneId ?? UNREGISTERED,
    region: registration?.region ?? UNREGISTERED,
    timeZone: registration?.timeZone ?? 'UTC',
    connectorType: known?.connectorType ?? UNREGISTERED,
    ratedW: known?.ratedW ?? 0,
    ...omitUndefined({ electrics: known?.electrics }),
    ...(registration && makeOf(registration, told)),
  };
};
