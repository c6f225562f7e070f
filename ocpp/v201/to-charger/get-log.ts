export { getLog } from '../../shared/to-charger/get-log.ts';
