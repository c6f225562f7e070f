import { type Command, USUAL_TIMEOUT_MS } from '../../command.ts';
import { byItems } from '../../command-outcome.ts';

/** NoTariff: there was no such tariff, which is what was wanted. */
export const clearTariffs: Command = {
  name: 'ClearTariffs',
  kind: 'idempotent',
  timeoutMs: USUAL_TIMEOUT_MS,
  role: 'administrator',
  outcome: byItems({
    list: 'clearTariffsResult',
    status: 'status',
    info: 'statusInfo',
    words: { accepted: ['Accepted', 'NoTariff'], rejected: ['Rejected'] },
    accepts: 'every',
  }),
};
