export { getCompositeSchedule } from '../../shared/to-charger/get-composite-schedule.ts';
