import { webSocket } from '../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../simulator/clock.ts';
import { traffic } from '../simulator/traffic.ts';

export type BenchedStation = { readonly url: string; readonly stationId: string; readonly password: string };

/** The line of a 1.6 station that a bench speaks for itself, connected and booted. It rejects every command. */
export const benchedStation = async (station: BenchedStation, chargePointModel: string) => {
  const opened = Promise.withResolvers<void>();
  const line = webSocket({
    ...station,
    protocol: 'ocpp1.6',
    strict: true,
    traffic: traffic(),
    commanded: async () => ({ kind: 'result', payload: { status: 'Rejected' } }),
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
