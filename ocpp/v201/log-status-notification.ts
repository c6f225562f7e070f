import { logStatus } from '../log-status.ts';

export const logStatusNotification = logStatus('LogStatusNotification');
