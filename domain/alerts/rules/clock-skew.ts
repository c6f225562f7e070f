import type { StationRule } from '../rule.ts';

export const clockSkew: StationRule = {
  name: 'clock-skew',
  subject: 'station',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a constant offset of the station clock has been learned from its live messages; clears when its clock is right.',
  check: ({ state }, { thresholds }) => {
    const offsetMs = state?.clockOffsetMs;
    if (offsetMs === undefined || Math.abs(offsetMs) < thresholds.clockSkewMs) return undefined;
    return {
      summary: `Clock is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? 'ahead' : 'behind'}`,
      detail: { offsetMs },
    };
  },
};
