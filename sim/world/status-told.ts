import { z } from 'zod';
import type { HeardFrame } from './world.ts';

/** What a StatusNotification says of a connector, in the words of any OCPP version. */
export type StatusTold = {
  readonly messageId: string;
  readonly evseId: number;
  readonly connectorId: number;
  readonly status: string;
  /** By the clock of the charger, ms since the epoch; not a number where it tells none. */
  readonly stampedAt: number;
  readonly errorCode: string;
};

const Status = z.tuple([
  z.literal(2),
  z.string(),
  z.literal('StatusNotification'),
  z.looseObject({
    connectorId: z.number(),
    evseId: z.number().optional(),
    status: z.string().optional(),
    connectorStatus: z.string().optional(),
    timestamp: z.string().optional(),
    errorCode: z.string().optional(),
  }),
]);

/** The status in what a charger said, if it is one. */
export const statusTold = ({ way, text }: HeardFrame): StatusTold | undefined => {
  if (way !== 'up' || !text.includes('"StatusNotification"')) return undefined;
  const { data } = Status.safeParse(JSON.parse(text));
  if (data === undefined) return undefined;
  const [, messageId, , payload] = data;
  const { connectorId, evseId = connectorId, status, connectorStatus, timestamp, errorCode = 'NoError' } = payload;
  const stampedAt = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return { messageId, evseId, connectorId, status: status ?? connectorStatus ?? '', stampedAt, errorCode };
};
