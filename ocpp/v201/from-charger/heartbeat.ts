export { heartbeat } from '../../shared/from-charger/heartbeat.ts';
