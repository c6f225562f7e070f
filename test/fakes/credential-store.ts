import type { CredentialStore } from '../../use-cases/ports/credential-store.ts';

/** Credentials in memory, for tests; those in `given` are there from the start. */
export const fakeCredentialStore = (given: Readonly<Record<string, string>> = {}): CredentialStore => {
  const credentials = new Map(Object.entries(given));
  return {
    find: async (stationId) => credentials.get(stationId),
    put: async (stationId, credential) => {
      credentials.set(stationId, credential);
    },
    remove: async (stationId) => {
      credentials.delete(stationId);
    },
  };
};
