import { DETAIL_VERSION, type PublishedEvent } from '../../domain/events/published-event.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { BusEvent } from '../ports/commands/bus-event.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { SiteStream } from '../ports/sites/site-record.ts';
import { acceptSiteSignal } from './accept-site-signal.ts';
import { SignalRefused } from './read-site-signal.ts';

export type BusSignalPorts = {
  readonly stream: SiteStream;
  readonly bus: EventBus;
  readonly clock: () => number;
  /** Short text that is the same for the same text. */
  readonly digest: (text: string) => string;
};

const textIn = (detail: unknown, name: string): string | undefined => {
  const value: unknown = typeof detail === 'object' && detail !== null ? Reflect.get(detail, name) : undefined;
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
};

/** Takes a signal from the bus; whoever sent one that is refused is told by SignalRejected. */
export const acceptBusSignal = ({ stream, bus, clock, digest }: BusSignalPorts) => {
  const accept = acceptSiteSignal({ stream });
  return async ({ source, account, detailType, detail }: Omit<BusEvent, 'at'>): Promise<void> => {
    const receivedAt = clock();
    const by = `bus: ${account}/${source}`;
    try {
      await accept({ name: detailType, by, receivedAt }, detail);
    } catch (error) {
      if (!(error instanceof SignalRefused)) throw error;
      const rejected: PublishedEvent = {
        type: 'SignalRejected',
        detail: {
          version: DETAIL_VERSION,
          id: `signal/${digest(`${by}/${detailType}/${JSON.stringify(detail)}`)}`,
          time: iso(receivedAt),
          signal: detailType,
          by,
          reason: error.message,
          ...omitUndefined({ siteId: textIn(detail, 'siteId'), signalId: textIn(detail, 'id') }),
        },
      };
      const failed = await bus.put([rejected]);
      if (failed.length > 0) throw new Error(`The refusal of ${detailType} is not on the bus`, { cause: failed });
    }
  };
};
