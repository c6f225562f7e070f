import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** Accepted means stored, not obeyed. */
export const setChargingProfile: Command = {
  name: 'SetChargingProfile',
  kind: 'latest-wins',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'operator',
  outcome: byStatus({ accepted: ['Accepted'], rejected: ['Rejected'], notSupported: ['NotSupported'] }),
};
