import type { EvseRef } from '../../domain/kernel/fact.ts';
import { integerAt, type Payload } from '../payload.ts';
import type { Warn } from '../warning.ts';

/** OCPP 1.6 connector N is evseId N, connectorId N; 0 is the station itself. Nowhere if it is missing or impossible. */
export const evseRef = (payload: Payload, warn: Warn): EvseRef => {
  const connectorId = integerAt(payload, 'connectorId');
  if (connectorId !== undefined && connectorId >= 0) return { evseId: connectorId, connectorId };
  warn('connector-missing', 'No usable connectorId', '/connectorId');
  return {};
};
