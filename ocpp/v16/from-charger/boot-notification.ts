import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';
import type { Action } from '../../action.ts';
import { meaningfulAt, textAt } from '../../payload.ts';
import { bootResponse } from '../../shared/from-charger/boot-response.ts';

export const bootNotification: Action = {
  name: 'BootNotification',
  respond: (_payload, context) => bootResponse(context),
  facts: (payload, { received }) => [
    {
      ...received,
      type: 'StationBooted',
      vendor: textAt(payload, 'chargePointVendor') ?? '',
      model: textAt(payload, 'chargePointModel') ?? '',
      ...omitUndefined({
        serialNumber:
          meaningfulAt(payload, 'chargePointSerialNumber') ?? meaningfulAt(payload, 'chargeBoxSerialNumber'),
        firmware: meaningfulAt(payload, 'firmwareVersion'),
      }),
    },
  ],
};
