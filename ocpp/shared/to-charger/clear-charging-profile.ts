import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Unknown: there was no such profile, which is what was wanted. */
export const clearChargingProfile: Command = {
  name: 'ClearChargingProfile',
  kind: 'latest-wins',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted', 'Unknown'] }),
};
