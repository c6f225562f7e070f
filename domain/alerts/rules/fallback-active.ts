import type { SiteRule } from '../rule.ts';

export const fallbackActive: SiteRule = {
  name: 'fallback-active',
  subject: 'site',
  severity: 'warning',
  driven: 'sweep',
  about:
    'Raised while the chargers of a controlled site share only what is safe without its grid meter (fall-back share); clears when the meter is heard again.',
  check: ({ fallbackAt, chargingConnectors }) =>
    fallbackAt === undefined
      ? undefined
      : {
          summary: 'Chargers share the fall-back budget',
          detail: { chargingConnectors },
          since: fallbackAt,
        },
};
