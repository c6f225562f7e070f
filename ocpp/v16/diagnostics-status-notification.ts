import { logStatus } from '../log-status.ts';

export const diagnosticsStatusNotification = logStatus('DiagnosticsStatusNotification');
