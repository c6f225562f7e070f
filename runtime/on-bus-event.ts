import type { BusEvent } from '../use-cases/ports/commands/bus-event.ts';
import { lambda } from './lambda.ts';

/** A Lambda behind a rule of the bus. What throws is delivered again. */
export const onBusEvent = (handle: (event: BusEvent) => Promise<void>) =>
  lambda('bus', async (event: RuleEvent): Promise<void> => {
    const { source, account, detail, time, 'detail-type': detailType } = event;
    await handle({ source, account, detailType, detail, at: Date.parse(time) });
  });

/** An event as a rule hands it over. */
type RuleEvent = Omit<BusEvent, 'detailType' | 'at'> & { readonly 'detail-type': string; readonly time: string };
