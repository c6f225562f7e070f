import type { Tariff, TariffAssignment } from './tariff.ts';

/** All there is to know about prices at one moment. */
export type TariffBook = { readonly tariffs: readonly Tariff[]; readonly assignments: readonly TariffAssignment[] };

export type PricedPlace = { readonly stationId: string; readonly siteId: string; readonly connectorType: string };

const matches = (assignment: TariffAssignment, place: PricedPlace, at: number): boolean =>
  (assignment.siteId ?? place.siteId) === place.siteId &&
  (assignment.stationId ?? place.stationId) === place.stationId &&
  (assignment.connectorType ?? place.connectorType) === place.connectorType &&
  at >= (assignment.validFrom ?? Number.NEGATIVE_INFINITY) &&
  at < (assignment.validUntil ?? Number.POSITIVE_INFINITY);

/** A station outranks its site, and either outranks the network; a connector type refines each. */
const rank = ({ stationId, siteId, connectorType }: TariffAssignment): number =>
  (stationId === undefined ? 0 : 4) + (siteId === undefined ? 0 : 2) + (connectorType === undefined ? 0 : 1);

const isValid = ({ validFrom, validUntil }: Tariff, at: number): boolean =>
  at >= (validFrom ?? Number.NEGATIVE_INFINITY) && at < (validUntil ?? Number.POSITIVE_INFINITY);

/**
 * The tariff that holds at a place when a session starts; it holds for the whole session. Undefined: charging is not priced here.
 * A tariff that is not yet or no longer valid then is passed over. Throws if the assignment that counts names a tariff that
 * does not exist: silence would bill nothing.
 */
export const assignedTariff = (book: TariffBook, place: PricedPlace, startedAt: number): Tariff | undefined => {
  const assignments = book.assignments
    .filter((assignment) => matches(assignment, place, startedAt))
    .sort(
      (a, b) =>
        rank(b) - rank(a) ||
        (b.validFrom ?? Number.MIN_SAFE_INTEGER) - (a.validFrom ?? Number.MIN_SAFE_INTEGER) ||
        (a.tariffId < b.tariffId ? -1 : 1),
    );
  for (const { tariffId } of assignments) {
    const tariff = book.tariffs.find((candidate) => candidate.tariffId === tariffId);
    if (tariff === undefined) throw new Error(`Tariff ${tariffId} is assigned but does not exist`);
    if (isValid(tariff, startedAt)) return tariff;
  }
  return undefined;
};
