export { cancelReservation } from '../../shared/to-charger/cancel-reservation.ts';
