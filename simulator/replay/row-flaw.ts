import type { RecordedRow } from './recorded-row.ts';

/** A row that counts as a session: it has a start, an end not before it, and energy that is not negative. */
export type Complete = RecordedRow & { readonly startAt: number; readonly endAt: number; readonly energyKwh: number };

/** Why a row cannot be counted as a session; undefined when it can. However improbable its energy: that is for the stack to flag. */
export const rowFlaw = ({ startAt, endAt, energyKwh }: RecordedRow): string | undefined => {
  if (startAt === undefined) return 'no start';
  if (endAt === undefined)
    return energyKwh === undefined ? 'never closed: no end and no energy' : 'never closed: no end';
  if (energyKwh === undefined || Number.isNaN(energyKwh)) return 'no energy';
  if (endAt < startAt) return 'end before start';
  return energyKwh < 0 ? 'negative energy' : undefined;
};
