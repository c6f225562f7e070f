export { changeAvailability } from '../../shared/to-charger/change-availability.ts';
