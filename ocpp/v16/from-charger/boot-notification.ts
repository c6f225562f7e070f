import type { Action } from '../../action.ts';
import { given, meaningfulAt, textAt } from '../../payload.ts';
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
      ...given(
        'serialNumber',
        meaningfulAt(payload, 'chargePointSerialNumber') ?? meaningfulAt(payload, 'chargeBoxSerialNumber'),
      ),
      ...given('firmware', meaningfulAt(payload, 'firmwareVersion')),
    },
  ],
};
