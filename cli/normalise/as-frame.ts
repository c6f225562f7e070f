import { isPayload } from '../../ocpp/payload.ts';

/** The frame as it stood on the wire. Text is taken as it is. */
export type AsFrame = { readonly frame: string; readonly isFragment: boolean };

/** Support tickets often quote only the sampled values: no frame, but clear enough to be read as one. */
const isSampledValues = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => isPayload(entry) && 'value' in entry);

/** The text of a line's `frame`, sampled values wrapped into a MeterValues call. */
export const asFrame = (value: unknown): AsFrame => {
  if (typeof value === 'string') return { frame: value, isFragment: false };
  if (!isSampledValues(value)) return { frame: JSON.stringify(value), isFragment: false };
  const payload = { meterValue: [{ sampledValue: value }] };
  return { frame: JSON.stringify([2, 'fragment', 'MeterValues', payload]), isFragment: true };
};
