import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Random } from '../../simulator/random.ts';
import type { Actor } from './actor.ts';

type Order = { readonly action: string; readonly payload: object; readonly isOneShot: boolean };

const MEAN_GAP_MS = 12 * MINUTE_MS;
/** What stations do with commands in this run, now and then. */
const behaviours = [
  'normal',
  'normal',
  '*=late:4000',
  '*=ignore',
  '*=reject',
  '*=error:InternalError',
  '*=garbage',
] as const;

/** A command that leaves sessions alone. One-shots carry the request's id, so that they are known again on the wire. */
const orderOf = (ocpp: string, requestId: string, chance: Random): Order => {
  const data: Order = { action: 'DataTransfer', payload: { vendorId: 'sim', data: requestId }, isOneShot: true };
  const trigger: Order = { action: 'TriggerMessage', payload: { requestedMessage: 'Heartbeat' }, isOneShot: false };
  const settings: Order =
    ocpp === '1.6'
      ? { action: 'GetConfiguration', payload: { key: ['HeartbeatInterval'] }, isOneShot: false }
      : {
          action: 'GetVariables',
          payload: {
            getVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } }],
          },
          isOneShot: false,
        };
  return chance.pick([data, data, trigger, settings]);
};

export const operator: Actor = {
  name: 'operator',
  about:
    'Sends commands over the bus, some of them twice under one id, to stations that obey, refuse, answer late or not at all.',
  share: 0.7,
  act: ({ network, points, stack, clock, untilAt }, chance, asked) => {
    let count = 0;
    const order = (): void => {
      if (clock.now() > untilAt) return;
      const station = network.stations[chance.integer(0, network.stations.length - 1)];
      if (station === undefined) return;
      const { stationId, ocpp } = station;
      count += 1;
      const requestId = `order-${count}`;
      if (chance.chance(0.2)) points.get(stationId)?.behave(chance.pick(behaviours));
      const { action, payload, isOneShot } = orderOf(ocpp, requestId, chance);
      const detail = {
        version: 1,
        id: requestId,
        time: new Date(clock.now()).toISOString(),
        stationId,
        action,
        payload,
      };
      const event = { source: 'operator', type: 'CommandRequested', detail };
      asked({ kind: 'command', at: clock.now(), stationId, requestId, action, isOneShot });
      void stack.put(event);
      if (chance.chance(0.2)) clock.after(chance.between(0, 30_000), () => void stack.put(event));
      clock.after(chance.wait(MEAN_GAP_MS), order);
    };
    clock.after(chance.wait(MEAN_GAP_MS), order);
  },
};
