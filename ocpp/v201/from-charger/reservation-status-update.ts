import type { Fact } from '../../../domain/kernel/fact.ts';
import { type Action, otherMessage } from '../../action.ts';
import { integerAt, textAt } from '../../payload.ts';

/** Expired, and in 2.1 NoTransaction: its time is over. Removed: the station gave it up. Other words end nothing. */
const ends: ReadonlyMap<string, 'Cancelled' | 'Expired'> = new Map([
  ['Expired', 'Expired'],
  ['NoTransaction', 'Expired'],
  ['Removed', 'Cancelled'],
]);

export const reservationStatusUpdate: Action = {
  name: 'ReservationStatusUpdate',
  respond: () => ({}),
  facts: (payload, { received }) => {
    const reservationId = integerAt(payload, 'reservationId');
    const told = textAt(payload, 'reservationUpdateStatus') ?? '';
    const how = ends.get(told);
    const released: readonly Fact[] =
      how === undefined || reservationId === undefined
        ? []
        : [{ ...received, type: 'ReservationReleased', reservationId, how, told }];
    return [
      otherMessage(received, 'ReservationStatusUpdate', `Reservation ${reservationId ?? 0} ${told}`),
      ...released,
    ];
  },
};
