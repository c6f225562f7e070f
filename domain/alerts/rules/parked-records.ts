import type { NetworkRule } from '../rule.ts';

export const parkedRecords: NetworkRule = {
  name: 'parked-records',
  subject: 'network',
  severity: 'major',
  driven: 'sweep',
  about: 'Raised when records could not be processed and were parked; clears when none was parked for an hour.',
  check: (view) => {
    if (view.topic !== 'parked' || view.records === 0 || view.newestAt === undefined) return undefined;
    return {
      summary: `${view.records} records parked`,
      detail: {
        records: view.records,
        newestAt: new Date(view.newestAt).toISOString(),
        ...(view.reason === undefined ? {} : { reason: view.reason }),
      },
    };
  },
};
