import type { Action } from '../../action.ts';
import { textAt } from '../../payload.ts';

/** Diagnostics (1.6) and log uploads differ in name only. */
export const logStatus = (name: string): Action => ({
  name,
  respond: () => ({}),
  facts: (payload, { received }) => [
    { ...received, type: 'LogStatusReported', status: textAt(payload, 'status') ?? '' },
  ],
});
