import type { EvseRef } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { integerAt, type Payload } from '../payload.ts';

const count = (payload: Payload, key: string): number | undefined => {
  const value = integerAt(payload, key);
  return value !== undefined && value >= 0 ? value : undefined;
};

/** An EVSEType { id, connectorId? }, as sent: a missing connectorId is not connector 1. */
export const evseRefOfEvse = (evse: Payload): EvseRef => ({
  ...omitUndefined({ evseId: count(evse, 'id'), connectorId: count(evse, 'connectorId') }),
});

/** Flat evseId and connectorId. EVSE 0 is the station itself (its main meter): 0/0, as in 1.6. */
export const evseRefOfIds = (payload: Payload): EvseRef => {
  const evseId = count(payload, 'evseId');
  return {
    ...omitUndefined({ evseId, connectorId: evseId === 0 ? 0 : count(payload, 'connectorId') }),
  };
};
