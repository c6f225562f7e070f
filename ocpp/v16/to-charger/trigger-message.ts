export { triggerMessage } from '../../shared/to-charger/trigger-message.ts';
