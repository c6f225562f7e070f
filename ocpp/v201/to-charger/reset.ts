export { reset } from '../../shared/to-charger/reset.ts';
