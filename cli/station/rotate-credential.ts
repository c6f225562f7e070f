import { credentialOf, makePassword } from '../../aws/credential.ts';
import type { CredentialStore } from '../../use-cases/ports/credential-store.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import { Problem } from '../command-line/problem.ts';
import { checkPassword } from './station-entry.ts';

/**
 * Gives a station a new password: the next connect needs it, and the old one is refused from then on. Returns the password
 * when one had to be made. An open connection goes on until it ends.
 */
export const rotateCredential = async (
  stationId: string,
  given: unknown,
  {
    registry,
    credentials,
  }: { readonly registry: Pick<StationRegistry, 'find'>; readonly credentials: Pick<CredentialStore, 'put'> },
): Promise<string | undefined> => {
  const chosen = checkPassword(given);
  if ((await registry.find(stationId)) === undefined)
    throw new Problem(`${stationId} is not registered: see npm run station -- list, or register it with add`);
  const { password, credential } =
    chosen === undefined ? await makePassword() : { password: undefined, credential: await credentialOf(chosen) };
  await credentials.put(stationId, credential);
  return password;
};
