export { heartbeat } from '../../shared/heartbeat.ts';
