import type { ChargingState } from '../../domain/kernel/fact.ts';

const states: Readonly<Record<string, ChargingState>> = {
  Charging: 'charging',
  EVConnected: 'evConnected',
  SuspendedEV: 'suspendedEV',
  SuspendedEVSE: 'suspendedEVSE',
  Idle: 'idle',
};

/** Our word for a chargingState; undefined for words OCPP does not know (the schema check has warned of them). */
export const chargingState = (word: string | undefined): ChargingState | undefined =>
  word !== undefined && Object.hasOwn(states, word) ? states[word] : undefined;
