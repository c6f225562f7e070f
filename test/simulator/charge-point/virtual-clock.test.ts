import { expect, it } from 'vitest';
import { chargePoint } from '../../../simulator/charge-point/charge-point.ts';
import { type InMemoryCsms, inMemory } from '../../../simulator/charge-point/connection/in-memory.ts';
import { type Clock, virtualClock } from '../../../simulator/clock.ts';
import { demoNetwork } from '../../../simulator/demo-network.ts';
import { random } from '../../../simulator/random.ts';
import { tagPool } from '../../../simulator/tag-pool.ts';
import { traffic } from '../../../simulator/traffic.ts';

const network = demoNetwork({ stations: 20, seed: 'demo' });
const startAt = Date.parse('2026-06-03T09:00:00Z');
const hourMs = 3_600_000;

type Message = { readonly at: number; readonly action: string; readonly payload: unknown };

/** A CSMS that accepts everything at once. */
const acceptingCsms = (clock: Clock, received: Message[]): InMemoryCsms => {
  let transactions = 0;
  const answers: Readonly<Record<string, () => Record<string, unknown>>> = {
    Authorize: () => ({ idTagInfo: { status: 'Accepted' }, idTokenInfo: { status: 'Accepted' } }),
    BootNotification: () => ({ status: 'Accepted', interval: 300 }),
    StartTransaction: () => ({ transactionId: ++transactions, idTagInfo: { status: 'Accepted' } }),
  };
  return {
    connect: async ({ send }) => ({
      received: (text) => {
        const [, messageId, action, payload] = JSON.parse(text);
        received.push({ at: clock.now(), action, payload });
        send(JSON.stringify([3, messageId, answers[action]?.() ?? {}]));
      },
      closed: () => {},
    }),
  };
};

/** Everything a station sends in this time, on a clock that is told to pass. */
const messagesOf = async (ocpp: '1.6' | '2.0.1', durationMs: number): Promise<readonly Message[]> => {
  const station = network.stations.find((candidate) => candidate.ocpp === ocpp);
  if (!station) throw new Error(`The demo network has no ${ocpp} station`);
  const received: Message[] = [];
  const clock = virtualClock(startAt);
  let transactions = 0;
  const point = chargePoint({
    station,
    url: 'ws://nowhere',
    tags: tagPool(['WS000001', 'WS000002', 'WS000003']),
    chance: random('virtual'),
    traffic: traffic(),
    rate: 4,
    sampleMs: 60_000,
    strict: false,
    drops: true,
    log: () => {},
    clock,
    newTransactionId: () => `transaction-${++transactions}`,
    transport: inMemory(acceptingCsms(clock, received)),
  });
  point.start();
  await clock.runUntil(startAt + durationMs);
  await point.stop();
  return received;
};

it.each(['1.6', '2.0.1'] as const)(
  'runs twelve hours of a %s station in virtual time, the same twice',
  async (ocpp) => {
    const [once, again] = [await messagesOf(ocpp, 12 * hourMs), await messagesOf(ocpp, 12 * hourMs)];
    expect(again).toEqual(once);
    const actions = new Set(once.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining([
        'BootNotification',
        'StatusNotification',
        ocpp === '1.6' ? 'StopTransaction' : 'TransactionEvent',
      ]),
    );
    const lastAt = once.at(-1)?.at ?? 0;
    expect({ many: once.length > 200, last: lastAt > startAt + 11 * hourMs }).toEqual({ many: true, last: true });
  },
);
