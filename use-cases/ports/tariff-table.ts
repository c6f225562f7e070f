import type { TariffBook } from '../../domain/tariff/assigned-tariff.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';

/** Table tariffs: tariffs, and their assignments beside them. Small: it is read whole. */
export type TariffTable = {
  /** All tariffs and assignments, at most a minute old. */
  readonly book: () => Promise<TariffBook>;
  readonly putTariff: (tariff: Tariff) => Promise<void>;
  /** Adds or replaces the assignment for the same scope and start. */
  readonly assign: (assignment: TariffAssignment) => Promise<void>;
  readonly unassign: (assignment: TariffAssignment) => Promise<void>;
};
