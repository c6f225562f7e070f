import { logStatus } from '../../shared/log-status.ts';

export const logStatusNotification = logStatus('LogStatusNotification');
