import type { BusEvent } from '../use-cases/ports/commands/bus-event.ts';
import { lambda } from './lambda.ts';

/** A Lambda behind a rule of the bus. What throws is delivered again. */
export const onBusEvent = (handle: (event: BusEvent) => Promise<void>) =>
  lambda('bus', async ({ source, account, detail }: BusEvent): Promise<void> => handle({ source, account, detail }));
