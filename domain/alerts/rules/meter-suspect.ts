import type { ConnectorRule } from '../rule.ts';

export const meterSuspect: ConnectorRule = {
  name: 'meter-suspect',
  subject: 'connector',
  severity: 'warning',
  driven: 'change',
  about: 'Raised when the register of a session is implausible (see flag meterSuspect); clears when the session ends.',
  check: ({ session }) =>
    session?.flags.includes('meterSuspect')
      ? {
          since: session.startedAt,
          summary: 'Meter readings are implausible',
          detail: { sessionId: session.sessionId, energyWh: session.energyWh },
        }
      : undefined,
};
