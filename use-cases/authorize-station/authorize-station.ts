import { isStationId } from '../../domain/registry/is-station-id.ts';
import { chooseSubProtocol, versionOf } from '../../ocpp/frames/sub-protocol.ts';
import type { AuthorizePorts, Identified, Presented } from '../ports/credential-store.ts';
import { basicCredential } from './basic-credential.ts';

/** Bytes of an AuthorizationKey (OCPP 1.6 security). */
const KEY_BYTES = [16, 20] as const;

/** A password, and a key whose bytes happen to be text also in hexadecimal: it may be registered so, as OCPP writes it. */
const writingsOf = (password: string): readonly string[] => {
  const bytes = Buffer.from(password);
  const isKey = bytes.length >= KEY_BYTES[0] && bytes.length <= KEY_BYTES[1];
  return isKey ? [password, bytes.toString('hex')] : [password];
};

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

  const isOneOf = async (passwords: readonly string[], stored: string): Promise<boolean> => {
    for (const password of passwords) if (await matches(password, stored)) return true;
    return false;
  };
  const presented = basicCredential(authorization);
  const isProven =
    presented !== undefined &&
    presented.user === stationId &&
    credential !== undefined &&
    (await isOneOf(writingsOf(presented.password), credential));
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
