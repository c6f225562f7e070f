import { actionsOf } from './actions-of.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Call } from './frames/read-frame.ts';

/**
 * Whether a charger sends a call again by itself when it gets an error: what belongs to a transaction, which it keeps in order
 * until it is taken (OCPP 1.6 section 3.7.1, 2.0.1 use case E13), and its BootNotification. All else it tells once.
 */
export const isSentAgain = ({ action }: Call, ocpp: OcppVersion): boolean =>
  action === 'BootNotification' || actionsOf(ocpp).actions.get(action)?.neverRefused === true;
