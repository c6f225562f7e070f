import { logStatus } from '../../shared/from-charger/log-status.ts';

export const diagnosticsStatusNotification = logStatus('DiagnosticsStatusNotification');
