import { presentPowerW } from '../present-power-w.ts';
import { powerText } from '../quantity-text.ts';
import type { StationRule } from '../rule.ts';

/** A main-meter reading says nothing about later minutes. */
const MAIN_METER_FRESH_MS = 180_000;

/** The main meter may show a little more than its connectors (the station's own use), never much more and never less. */
export const subMeterMismatch: StationRule = {
  name: 'sub-meter-mismatch',
  subject: 'station',
  severity: 'warning',
  driven: 'sweep',
  about:
    "Raised when a station's main meter and the sum of its connectors differ by more than the tolerance for the dwell time; clears when they agree again.",
  check: ({ state, connectors }, { now, thresholds }) => {
    const main = state?.mainMeter;
    if (main?.powerW === undefined || !connectors || now - main.at > MAIN_METER_FRESH_MS) return undefined;
    const powers = connectors.map((connector) => presentPowerW(connector, now));
    if (!powers.every((powerW) => powerW !== undefined)) return undefined;
    const sumW = powers.reduce((sum, powerW) => sum + powerW, 0);
    const toleranceW = Math.max(
      thresholds.subMeterToleranceW,
      (Math.max(main.powerW, sumW) * thresholds.subMeterTolerancePercent) / 100,
    );
    const differenceW = main.powerW - sumW;
    if (Math.abs(differenceW) <= toleranceW) return undefined;
    return {
      summary: `Main meter ${powerText(main.powerW)}, connectors ${powerText(sumW)}`,
      detail: { mainW: main.powerW, connectorsW: sumW, differenceW },
    };
  },
  dwellMs: ({ subMeterDwellMs }) => subMeterDwellMs,
};
