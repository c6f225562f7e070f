import { isStationId } from '../../domain/registry/station-id.ts';
import { chooseSubProtocol, versionOf } from '../../ocpp/frames/sub-protocol.ts';
import type { Granted, Presented } from '../ports/station-credentials.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import { basicCredential } from './basic-credential.ts';

/**
 * Decides who may open a socket. Wrong or missing credentials of a registered station: undefined (401).
 * An identity nobody registered passes with `registered: 'false'`, because only $connect can answer 404.
 * The registry is read on every connect, so a rotated password works, and the old one fails, at once.
 */
export const authorizeStation = async (
  { stationId, authorization, subProtocols }: Presented,
  registry: Pick<StationRegistry, 'find'>,
  matches: (password: string, credential: string) => Promise<boolean>,
): Promise<Granted | undefined> => {
  if (stationId === undefined || !isStationId(stationId))
    return { stationId: 'unknown', context: { registered: 'false' } };
  const registration = await registry.find(stationId);
  if (registration === undefined) return { stationId, context: { stationId, registered: 'false' } };

  const presented = basicCredential(authorization);
  if (presented === undefined || presented.user !== stationId) return undefined;
  if (!(await matches(presented.password, registration.credential))) return undefined;

  const subProtocol = chooseSubProtocol([subProtocols ?? '']);
  const { admission } = registration;
  return {
    stationId,
    context: {
      stationId,
      registered: 'true',
      admission,
      ...(subProtocol !== undefined && { ocpp: versionOf(subProtocol) }),
    },
  };
};
