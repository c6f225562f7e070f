import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { meaningfulAt, objectAt, textAt } from '../../payload.ts';
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
        ...omitUndefined({
          serialNumber: meaningfulAt(station, 'serialNumber'),
          firmware: meaningfulAt(station, 'firmwareVersion'),
          bootReason: textAt(payload, 'reason'),
        }),
      },
    ];
  },
};
