import type { Action } from '../../action.ts';
import { given, meaningfulAt, objectAt, textAt } from '../../payload.ts';
import { bootResponse } from '../../shared/from-charger/boot-response.ts';

export const bootNotification: Action = {
  name: 'BootNotification',
  respond: (_payload, context) => bootResponse(context),
  facts: (payload, { received }) => {
    const station = objectAt(payload, 'chargingStation');
    return [
      {
        ...received,
        type: 'StationBooted',
        vendor: textAt(station, 'vendorName') ?? '',
        model: textAt(station, 'model') ?? '',
        ...given('serialNumber', meaningfulAt(station, 'serialNumber')),
        ...given('firmware', meaningfulAt(station, 'firmwareVersion')),
        ...given('bootReason', textAt(payload, 'reason')),
      },
    ];
  },
};
