import type { OcppVersion } from './frames/envelope.ts';
import type { Payload } from './payload.ts';
import { capabilityKeys } from './v16/capabilities.ts';
import { capabilityVariables } from './v201/capabilities.ts';

/** A request that asks a station for what it can do. */
export type CapabilityQuestion = { readonly action: string; readonly payload: Payload };

/** Stations limit how many variables they answer at once, and tell the limit only when asked; none known takes fewer. */
const VARIABLES_AT_ONCE = 8;

/** What to ask a station of a version, in order. Whatever of it a station lacks it says so, variable by variable. */
export const capabilityQuestions = (ocpp: OcppVersion): readonly CapabilityQuestion[] => {
  if (ocpp === '1.6') return [{ action: 'GetConfiguration', payload: { key: capabilityKeys } }];
  const count = Math.ceil(capabilityVariables.length / VARIABLES_AT_ONCE);
  return Array.from({ length: count }, (_, index) => ({
    action: 'GetVariables',
    payload: {
      getVariableData: capabilityVariables.slice(index * VARIABLES_AT_ONCE, (index + 1) * VARIABLES_AT_ONCE),
    },
  }));
};
