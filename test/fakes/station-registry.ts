import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { FormerRegistration } from '../../domain/registry/former-registration.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { CapabilityRecord } from '../../domain/station/capability-record.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';

/** A registry in memory, for tests; `given` is registered from the start, and `abilities` is what stations told. */
export const fakeStationRegistry = (
  ...given: readonly Registration[]
): StationRegistry & { readonly abilities: Map<string, CapabilityRecord> } => {
  const abilities = new Map<string, CapabilityRecord>();
  const registrations = new Map(given.map((registration) => [registration.stationId, registration]));
  const former: FormerRegistration[] = [];
  return {
    abilities,
    find: async (stationId) => registrations.get(stationId),
    put: async (registration) => {
      registrations.set(registration.stationId, registration);
    },
    list: async (siteId) =>
      [...registrations.values()]
        .filter((registration) => siteId === undefined || registration.siteId === siteId)
        .sort((a, b) => (a.stationId < b.stationId ? -1 : 1)),
    listAble: async (siteId) =>
      [...registrations.values()]
        .filter((registration) => registration.siteId === siteId)
        .sort((a, b) => (a.stationId < b.stationId ? -1 : 1))
        .map((registration) => ({
          registration,
          ...omitUndefined({ capabilities: abilities.get(registration.stationId) }),
        })),
    former: async () =>
      former.toSorted((a, b) => Number(a.stationId > b.stationId) - Number(a.stationId < b.stationId)),
    remove: async (stationId, decommissionedAt) => {
      const registration = registrations.get(stationId);
      if (registration !== undefined) former.push({ ...registration, decommissionedAt });
      return registrations.delete(stationId);
    },
  };
};
