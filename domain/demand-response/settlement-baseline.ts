import { mean } from '../kernel/mean.ts';

/** The method of fast events: the mean load of the minutes before ("meter before"), W. Undefined without readings. */
export const meterBeforeW = (readingsW: readonly number[]): number | undefined => mean(readingsW);

/** What a settlement baseline is made of. */
export type SettlementDays = {
  /** Mean load in the hours of the event on the last days of the same kind without an event, W; ten where there are ten. */
  readonly eligibleDaysW: readonly number[];
  /** Mean load of those days in the hours before the event that serve the adjustment (-4 to -2 h), W. */
  readonly adjustmentWindowMeanW: number;
  /** Load of the day itself in those hours, W. */
  readonly eventDayAdjustmentW: number;
  /** Bounds of the adjustment. */
  readonly clamp: readonly [least: number, most: number];
};

export const USUAL_CLAMP: SettlementDays['clamp'] = [0.8, 1.2];

export type SettlementBaseline = { readonly unadjustedW: number; readonly ratio: number; readonly baselineW: number };

/**
 * The method of settlement (CAISO 10-of-10 with a day-of adjustment): mean of the eligible days, scaled by how the day
 * compares with them, within the clamp. Of no day there is no mean (NaN): whoever asks has one. Without any load in the
 * adjustment hours of those days the day is not scaled.
 */
export const settlementBaseline = ({
  eligibleDaysW,
  adjustmentWindowMeanW,
  eventDayAdjustmentW,
  clamp: [least, most],
}: SettlementDays): SettlementBaseline => {
  const unadjustedW = mean(eligibleDaysW) ?? Number.NaN;
  const raw = adjustmentWindowMeanW === 0 ? 1 : eventDayAdjustmentW / adjustmentWindowMeanW;
  const ratio = Math.min(Math.max(raw, least), most);
  return { unadjustedW, ratio, baselineW: unadjustedW * ratio };
};
