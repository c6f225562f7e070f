import { powerText } from '../quantity-text.ts';
import type { SiteRule } from '../rule.ts';

/** A grid-meter reading older than this no longer describes the site. */
const DEMAND_FRESH_MS = 120_000;

/**
 * The raw difference of limit and demand: a headroom clamped at 0 could never tell.
 * Without a (fresh) grid meter the chargers' own load is the least the site can draw.
 */
export const siteOverDemand: SiteRule = {
  name: 'site-over-demand',
  subject: 'site',
  severity: 'critical',
  driven: 'sweep',
  about:
    'Raised when a site draws more than its limit (its configuration, or threshold siteLimitW) for the dwell time, by its grid meter or, without a fresh one, by its chargers alone; clears below it by the hysteresis.',
  check: ({ chargingW, demand }, { now, thresholds, holding }) => {
    const { siteLimitW } = thresholds;
    if (siteLimitW <= 0) return undefined;
    const measured = demand && now - demand.at <= DEMAND_FRESH_MS ? demand.demandW : undefined;
    const demandW = Math.max(chargingW, measured ?? 0);
    const headroomW = siteLimitW - demandW;
    const neededW = holding ? (siteLimitW * thresholds.overloadHysteresisPercent) / 100 : 0;
    if (headroomW >= neededW) return undefined;
    return {
      summary: `Draws ${powerText(demandW)} of ${powerText(siteLimitW)}`,
      detail: { demandW, siteLimitW, headroomW, source: measured === undefined ? 'chargers' : 'meter' },
    };
  },
  dwellMs: ({ overloadDwellMs }) => overloadDwellMs,
};
