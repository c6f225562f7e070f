import type { Connection } from '../simulator/charge-point/connection/transport.ts';
import { webSocket } from '../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../simulator/clock.ts';
import { traffic } from '../simulator/traffic.ts';

export type BenchedStation = { readonly url: string; readonly stationId: string; readonly password: string };

type Options = Pick<Parameters<typeof webSocket>[0], 'commanded' | 'strict'>;

/** Rejects every command, and holds every frame against its schema. */
const usual: Options = {
  commanded: async () => ({ kind: 'result', payload: { status: 'Rejected' } }),
  strict: true,
};

/** The line of a 1.6 station that a bench speaks for itself, connected and booted. */
export const benchedStation = async (
  station: BenchedStation,
  chargePointModel: string,
  { commanded, strict }: Options = usual,
): Promise<Connection> => {
  const opened = Promise.withResolvers<void>();
  const line = webSocket({
    ...station,
    protocol: 'ocpp1.6',
    strict,
    traffic: traffic(),
    commanded,
    opened: opened.resolve,
    closed: () => {},
    failed: opened.reject,
    jitter: () => 0,
    clock: systemClock,
  });
  line.open();
  await opened.promise;
  await line.call('BootNotification', { chargePointVendor: 'Bench', chargePointModel });
  return line;
};
