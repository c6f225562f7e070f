import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The profiles come as ReportChargingProfiles; NoProfiles: there are none. */
export const getChargingProfiles: Command = {
  name: 'GetChargingProfiles',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'NoProfiles'] }),
};
