import type { NetworkRule } from '../rule.ts';

export const parkedRecords: NetworkRule = {
  name: 'parked-records',
  subject: 'network',
  severity: 'major',
  driven: 'sweep',
  about: 'Raised when records could not be processed and were parked; clears when none was parked for an hour.',
  check: (snapshot) => {
    if (snapshot.topic !== 'parked' || snapshot.records === 0 || snapshot.newestAt === undefined) return undefined;
    return {
      summary: `${snapshot.records} records parked`,
      detail: {
        records: snapshot.records,
        newestAt: new Date(snapshot.newestAt).toISOString(),
        ...(snapshot.reason === undefined ? {} : { reason: snapshot.reason }),
      },
    };
  },
};
