export { reserveNow } from '../../shared/to-charger/reserve-now.ts';
