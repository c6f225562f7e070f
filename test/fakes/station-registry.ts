import type { Registration } from '../../domain/registry/registration.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';

/** A registry in memory, for tests; `given` is registered from the start. */
export const fakeStationRegistry = (...given: readonly Registration[]): StationRegistry => {
  const registrations = new Map(given.map((registration) => [registration.stationId, registration]));
  return {
    find: async (stationId) => registrations.get(stationId),
    put: async (registration) => {
      registrations.set(registration.stationId, registration);
    },
    list: async (siteId) =>
      [...registrations.values()]
        .filter((registration) => siteId === undefined || registration.siteId === siteId)
        .sort((a, b) => (a.stationId < b.stationId ? -1 : 1)),
    remove: async (stationId) => registrations.delete(stationId),
  };
};
