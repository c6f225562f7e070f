import { type Action, otherMessage } from '../../action.ts';
import { integerAt, textAt } from '../../payload.ts';

export const reservationStatusUpdate: Action = {
  name: 'ReservationStatusUpdate',
  respond: () => ({}),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'ReservationStatusUpdate',
      `Reservation ${integerAt(payload, 'reservationId') ?? 0} ${textAt(payload, 'reservationUpdateStatus') ?? ''}`,
    ),
  ],
};
