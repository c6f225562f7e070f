import { type Action, noted } from '../../action.ts';
import { listAt, textAt } from '../../payload.ts';
import { whereOfIds } from '../where.ts';

export const reportChargingProfiles: Action = {
  name: 'ReportChargingProfiles',
  respond: () => ({}),
  facts: (payload, { received }) => [
    noted(
      received,
      'ReportChargingProfiles',
      `${listAt(payload, 'chargingProfile').length} profiles of ${textAt(payload, 'chargingLimitSource') ?? 'unknown source'}`,
      whereOfIds(payload),
    ),
  ],
};
