import { type Action, otherMessage } from '../../action.ts';
import { listAt, textAt } from '../../payload.ts';
import { evseRefOfIds } from '../evse-ref.ts';

export const reportChargingProfiles: Action = {
  name: 'ReportChargingProfiles',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'ReportChargingProfiles',
      `${listAt(payload, 'chargingProfile').length} profiles of ${textAt(payload, 'chargingLimitSource') ?? 'unknown source'}`,
      evseRefOfIds(payload),
    ),
  ],
};
