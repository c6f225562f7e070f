export { sendLocalList } from '../../shared/to-charger/send-local-list.ts';
