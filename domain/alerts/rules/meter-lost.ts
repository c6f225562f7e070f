import type { SiteRule } from '../rule.ts';

export const meterLost: SiteRule = {
  name: 'meter-lost',
  subject: 'site',
  severity: 'major',
  driven: 'sweep',
  about:
    'Raised when the grid meter of a configured site has been silent for longer than its readings count; clears with the next reading.',
  check: ({ meterLostAt, demand }) => {
    if (meterLostAt === undefined) return undefined;
    const lastHeardAt = demand && new Date(demand.at).toISOString();
    return {
      summary: 'The grid meter is silent',
      detail: lastHeardAt === undefined ? {} : { lastHeardAt },
      since: meterLostAt,
    };
  },
};
