import type { NeutralCommand, WriteCall } from '../neutral-command.ts';

const write: WriteCall = ({ reservationId }) => ({ action: 'CancelReservation', payload: { reservationId } });

export const cancelReservation: NeutralCommand = {
  name: 'cancelReservation',
  role: 'operator',
  feature: 'Reservation',
  write: { '1.6': write, '2.x': write },
};
