import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** The tariff for drivers without their own. */
export const setDefaultTariff: Command = {
  name: 'SetDefaultTariff',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Rejected', 'TooManyElements', 'DuplicateTariffId'],
    notSupported: ['ConditionNotSupported'],
  }),
};
