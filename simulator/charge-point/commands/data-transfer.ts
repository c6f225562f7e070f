import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import type { Controls } from './controls.ts';

const DataTransfer = z.object({ vendorId: z.string(), messageId: z.string().optional(), data: z.unknown().optional() });

/** The vendor of simulated stations. */
const SIMULATOR_VENDOR = 'Simulator';

/**
 * The one vendor message a simulated station knows, `Behave`: its data are the words of a behaviour (`behaviourUsage`), which
 * holds from now on.
 */
export const dataTransfer = (payload: Payload, { behave }: Controls): Payload => {
  const { vendorId, messageId, data } = DataTransfer.parse(payload);
  if (vendorId !== SIMULATOR_VENDOR) return { status: 'UnknownVendorId' };
  if (messageId !== 'Behave') return { status: 'UnknownMessageId' };
  try {
    behave(String(data));
    return { status: 'Accepted' };
  } catch (error) {
    return { status: 'Rejected', data: String(error) };
  }
};
