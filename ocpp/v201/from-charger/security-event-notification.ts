export { securityEvent as securityEventNotification } from '../../shared/from-charger/security-event.ts';
