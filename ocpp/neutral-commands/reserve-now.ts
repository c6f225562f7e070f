import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { connector16, idToken2x, instantAt, type NeutralCommand } from '../neutral-command.ts';

/** Without an EVSE any of the station's: connector 0 of OCPP 1.6. */
export const reserveNow: NeutralCommand = {
  name: 'reserveNow',
  role: 'operator',
  feature: 'Reservation',
  write: {
    '1.6': (args, { requestNumber }) => ({
      action: 'ReserveNow',
      payload: {
        connectorId: connector16(args) ?? 0,
        expiryDate: instantAt(args, 'until'),
        idTag: args.tag,
        reservationId: args.reservationId ?? requestNumber,
        ...omitUndefined({ parentIdTag: args.parentTag }),
      },
    }),
    '2.x': (args, { requestNumber }) => {
      const { tag, tagType, parentTag, evseId } = args;
      const groupIdToken = parentTag === undefined ? undefined : idToken2x(parentTag, 'Central');
      return {
        action: 'ReserveNow',
        payload: {
          id: args.reservationId ?? requestNumber,
          expiryDateTime: instantAt(args, 'until'),
          idToken: idToken2x(tag, tagType),
          ...omitUndefined({ evseId, groupIdToken }),
        },
      };
    },
  },
};
