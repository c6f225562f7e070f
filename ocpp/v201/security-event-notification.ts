export { securityEvent as securityEventNotification } from '../security-event.ts';
