import type { OcppVersion } from './frames/envelope.ts';
import type { Call } from './frames/read-frame.ts';

const v2 = ['BootNotification', 'TransactionEvent'];

/** By version. MeterValues of OCPP 2.x are of no transaction: those of one come in its TransactionEvents. */
const sentAgain: Readonly<Record<OcppVersion, readonly string[]>> = {
  '1.6': ['BootNotification', 'StartTransaction', 'StopTransaction', 'MeterValues'],
  '2.0.1': v2,
  '2.1': v2,
};

/**
 * Whether a charger sends a call again by itself when it gets an error: what belongs to a transaction, which it keeps in order
 * until it is taken (OCPP 1.6 section 3.7.1, 2.0.1 use case E13), and its BootNotification. All else it tells once.
 */
export const isSentAgain = ({ action }: Call, ocpp: OcppVersion): boolean => sentAgain[ocpp].includes(action);
