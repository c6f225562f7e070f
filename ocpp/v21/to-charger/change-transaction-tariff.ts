import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byStatus } from '../../command-outcome.ts';

/** A new tariff for a running transaction. */
export const changeTransactionTariff: Command = {
  name: 'ChangeTransactionTariff',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byStatus({
    accepted: ['Accepted'],
    rejected: ['Rejected', 'TooManyElements', 'TxNotFound', 'NoCurrencyChange'],
    notSupported: ['ConditionNotSupported'],
  }),
};
