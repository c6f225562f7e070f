import type { Action } from '../../action.ts';
import { textAt } from '../../payload.ts';

/** Firmware notifications differ between versions in name only. */
export const firmwareStatus = (name: string): Action => ({
  name,
  respond: () => ({}),
  facts: (payload, { received }) => [
    { ...received, type: 'FirmwareStatusReported', status: textAt(payload, 'status') ?? '' },
  ],
});
