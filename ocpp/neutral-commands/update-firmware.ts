import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { instantAt, type NeutralCommand, type Occasion, type WriteCall, without } from '../neutral-command.ts';
import type { Payload } from '../payload.ts';

const retrieveAt = (args: Payload, { now }: Occasion): string => instantAt(args, 'retrieveAt') ?? now;

/** Firmware with its signature: OCPP 2.x, and the security extension of 1.6. */
const signed =
  (action: string): WriteCall =>
  (args, occasion) => {
    const { location, signingCertificate, signature, retries, retryIntervalSec: retryInterval } = args;
    const installDateTime = instantAt(args, 'installAt');
    return {
      action,
      payload: {
        requestId: occasion.requestNumber,
        firmware: {
          location,
          retrieveDateTime: retrieveAt(args, occasion),
          ...omitUndefined({ installDateTime, signingCertificate, signature }),
        },
        ...omitUndefined({ retries, retryInterval }),
      },
    };
  };

export const updateFirmware: NeutralCommand = {
  name: 'updateFirmware',
  role: 'administrator',
  feature: 'FirmwareManagement',
  write: {
    '1.6': (args, occasion) => {
      if (args.signature !== undefined) return signed('SignedUpdateFirmware')(args, occasion);
      without(args, ['installAt', 'signingCertificate'], 'Unsigned firmware of OCPP 1.6 is installed when it is there');
      const { location, retries, retryIntervalSec: retryInterval } = args;
      const retrieveDate = retrieveAt(args, occasion);
      return {
        action: 'UpdateFirmware',
        payload: { location, retrieveDate, ...omitUndefined({ retries, retryInterval }) },
      };
    },
    '2.x': signed('UpdateFirmware'),
  },
};
