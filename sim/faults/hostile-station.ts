import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { StationLine } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Random } from '../../simulator/random.ts';
import type { Fault } from './fault.ts';

const call = (id: string, action: string, payload: unknown): string => JSON.stringify([2, id, action, payload]);

/** Texts nobody should send; none of them is a session, or anything else that is to be believed. */
const texts: readonly [(id: string) => string, ...((id: string) => string)[]] = [
  () => 'GET / HTTP/1.1',
  () => '[]',
  () => '{"__proto__":{"isAdmin":true}}',
  (id) => JSON.stringify([2, id]),
  (id) => JSON.stringify([3, id, {}]),
  (id) => JSON.stringify([4, id, 'InternalError', '', {}]),
  (id) => JSON.stringify([9, id, 'Heartbeat', {}]),
  (id) => call(id, 'constructor', {}),
  (id) => call(id, 'StartTransaction', { connectorId: 'one', idTag: 7 }),
  (id) =>
    call(id, 'StartTransaction', {
      connectorId: 1,
      idTag: 'NOBODY',
      meterStart: 0,
      timestamp: '2026-02-30T25:61:00Z',
    }),
  (id) => call(id, 'StatusNotification', { connectorId: 99, errorCode: 'NoError', status: 'Melted' }),
  (id) =>
    call(id, 'MeterValues', {
      connectorId: 1,
      transactionId: -7,
      meterValue: [{ timestamp: 'now', sampledValue: [{ value: 'NaN' }] }],
    }),
  (id) => call(id, 'DataTransfer', { vendorId: 'x'.repeat(20_000) }),
  (id) => `[2,${JSON.stringify(id)},"Heartbeat",${'['.repeat(2_000)}${']'.repeat(2_000)}]`,
  (id) => call(id, 'Heartbeat', {}),
];

/** So many texts at once, now and then. */
const FLOOD = 60;

export const hostileStation: Fault = {
  name: 'hostile-station',
  about: 'A station with the right password sends junk, forged answers, refused starts and floods.',
  often: { rough: 0.5, storm: 1 },
  lastsMs: [MINUTE_MS, 10 * MINUTE_MS],
  strike: ({ stack, stranger, clock, forMs }, chance: Random) => {
    const untilAt = clock.now() + forMs;
    let line: StationLine | undefined;
    let count = 0;
    const { stationId, password } = stranger;
    const connect = async (): Promise<void> => {
      line = await stack.csms.connect({
        ...{ stationId, password, protocol: 'ocpp1.6' },
        send: () => {},
        close: () => {
          line = undefined;
        },
      });
    };
    const act = (): void => {
      if (clock.now() > untilAt) {
        line?.closed();
        return;
      }
      // Turned away, it tries again.
      if (line === undefined) void connect().catch(() => undefined);
      const many = chance.chance(0.05) ? FLOOD : 1;
      for (let sent = 0; sent < many; sent += 1) {
        count += 1;
        line?.received(chance.pick(texts)(`junk-${count}`));
      }
      clock.after(chance.between(0.2, 6) * SECOND_MS, act);
    };
    act();
    return undefined;
  },
};
