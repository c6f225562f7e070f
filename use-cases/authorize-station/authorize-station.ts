import { isStationId } from '../../domain/registry/is-station-id.ts';
import { chooseSubProtocol, versionOf } from '../../ocpp/frames/sub-protocol.ts';
import type { AuthorizePorts, Identified, Presented } from '../ports/credential-store.ts';
import { basicCredential } from './basic-credential.ts';

/**
 * Finds out who wants to open a socket; $connect refuses by the verdict (401 for wrong or missing credentials, 404 for an
 * identity nobody registered). Refusing here would take an exception, and a mistyped password would count as a failure of
 * this function.
 * Registry and credential are read on every connect, so a rotated password works, and the old one fails, at once.
 */
export const authorizeStation = async (
  { stationId, authorization, subProtocols }: Presented,
  { registry, credentials, matches }: AuthorizePorts,
): Promise<Identified> => {
  if (stationId === undefined || !isStationId(stationId))
    return { stationId: 'unknown', context: { verdict: 'unknownStation' } };
  const [registration, credential] = await Promise.all([registry.find(stationId), credentials.find(stationId)]);
  if (registration === undefined) return { stationId, context: { stationId, verdict: 'unknownStation' } };

  const presented = basicCredential(authorization);
  const isProven =
    presented !== undefined &&
    presented.user === stationId &&
    credential !== undefined &&
    (await matches(presented.password, credential));
  if (!isProven) return { stationId, context: { stationId, verdict: 'wrongCredentials' } };

  const subProtocol = chooseSubProtocol([subProtocols ?? '']);
  const { admission } = registration;
  return {
    stationId,
    context: {
      stationId,
      verdict: 'known',
      admission,
      ...(subProtocol !== undefined && { ocpp: versionOf(subProtocol) }),
    },
  };
};
