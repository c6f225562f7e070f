import { readRestoration, readSignal } from '../../domain/demand-response/read-signal.ts';
import { DETAIL_VERSION, type PublishedEvent } from '../../domain/events/published-event.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { EventBus } from '../ports/event-bus.ts';
import { restoreSignals, type SubmitPorts, submitSignal } from './submit-signal.ts';

export type AcceptSignalPorts = SubmitPorts & { readonly bus: EventBus };

/**
 * Takes a signal from the bus (the detail of DemandResponseRequested) or over MQTT, with `type` RESTORE for an early end. One
 * that is refused is answered with DemandResponseRefused and its reason. The same one delivered again changes nothing. `by` is
 * the sender, as the transport vouches for it.
 */
export const acceptSignal = (ports: AcceptSignalPorts) => {
  const { bus, digest, system } = ports;
  const submit = submitSignal(ports);
  const restore = restoreSignals(ports);

  return async (detail: unknown, by: string): Promise<void> => {
    const arrival = { receivedAt: system.clock(), by };
    try {
      const { version: _, id: __, time: ___, ...asked } = fieldsOf(detail);
      if (asked.type === 'RESTORE') {
        const { type: ____, ...restoration } = asked;
        await restore(readRestoration(restoration, arrival));
        return;
      }
      const { signalVersion: version, ...signal } = asked;
      await submit(readSignal({ ...signal, version }, arrival));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      const text = JSON.stringify(detail) ?? '';
      const at = arrival.receivedAt;
      const refused: PublishedEvent = {
        type: 'DemandResponseRefused',
        detail: {
          version: DETAIL_VERSION,
          id: `grid/${digest(`${by}/${text}`)}/refused`,
          time: iso(at),
          by: arrival.by,
          reason: error.message,
          request: text.slice(0, 4_000),
        },
      };
      const failed = await bus.put([refused]);
      if (failed.length > 0) throw new Error('The refusal of a signal is not on the bus', { cause: failed });
    }
  };
};

const fieldsOf = (detail: unknown): Readonly<Record<string, unknown>> => {
  if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return { ...detail };
  throw new Rejected('The detail must be an object');
};
