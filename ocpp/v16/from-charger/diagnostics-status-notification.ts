import { logStatus } from '../../shared/log-status.ts';

export const diagnosticsStatusNotification = logStatus('DiagnosticsStatusNotification');
