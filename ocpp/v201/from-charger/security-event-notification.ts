export { securityEvent as securityEventNotification } from '../../shared/security-event.ts';
