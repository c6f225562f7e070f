import type { Call } from '../../ocpp/frames/read-frame.ts';

/** Where a call starts a transaction. `evseId` is the connectorId of OCPP 1.6; absent when the charger does not say. */
export type Start = { readonly evseId: number | undefined };

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The start a call asks for, or undefined for every other call. */
export const startsOn = ({ action, payload }: Pick<Call, 'action' | 'payload'>): Start | undefined => {
  if (action === 'StartTransaction') return { evseId: numberOf(field(payload, 'connectorId')) };
  if (action === 'TransactionEvent' && field(payload, 'eventType') === 'Started')
    return { evseId: numberOf(field(field(payload, 'evse'), 'id')) };
  return undefined;
};
