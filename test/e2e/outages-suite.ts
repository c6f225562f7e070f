import { expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { goodTag, type RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const outageMs = 2_500;
const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

/** Repeats a call until it is answered with success, as a charger does with what belongs to a transaction. */
const untilAnswered = async (call: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> => {
  for (;;) {
    try {
      return await call();
    } catch {
      // Refused while the store is out: the charger keeps the message and sends it again.
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};

/** What was answered with success while a store was out is there once the store is back. */
export const outagesSuite = (stack: () => RunningStack): void => {
  it.each([
    ['dynamodb', 'refuse'],
    ['dynamodb', 'hang'],
    ['dynamodb', 'throttle'],
    ['kinesis', 'refuse'],
    ['kinesis', 'hang'],
    ['s3', 'refuse'],
    ['events', 'hang'],
    ['events', 'throttle'],
  ] as const)('keeps a session that ends while %s %ss, to the last Wh', async (store, fault) => {
    const stationId = `E2E-OUT-${store}-${fault}`;
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    const start = { connectorId: 1, idTag: goodTag, meterStart: 1_000, timestamp: at(10) };
    const { transactionId } = await client.call('StartTransaction', start);
    await stack().setFault(store, fault);
    const over = new Promise<void>((resolve) => {
      setTimeout(() => stack().setFault(store, undefined).then(resolve), outageMs);
    });
    for (const [minute, wh] of [
      [5, 1_500],
      [2, 2_000],
    ] as const) {
      const sampledValue = [{ value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
      const meterValue = [{ timestamp: at(minute), sampledValue }];
      await untilAnswered(() => client.call('MeterValues', { connectorId: 1, transactionId, meterValue }));
    }
    const stop = { transactionId, idTag: goodTag, meterStop: 2_500, timestamp: at(0) };
    await untilAnswered(() => client.call('StopTransaction', stop));
    await over;
    await vi.waitFor(async () => {
      const { data } = await stack().graphql(
        `{ sessions(filter: { stationId: "${stationId}" }, from: "${at(60)}", to: "${at(-60)}") {
            items { transactionId energyWh }
          } }`,
      );
      expect(Object(data).sessions).toEqual({
        items: [{ transactionId: String(transactionId), energyWh: 1_500 }],
      });
    }, soon);
    expect(client.violations).toEqual([]);
    await client.close();
  });

  it.each(['refuse', 'hang', 'throttle'] as const)(
    'takes the answer to a command that comes while dynamodb %ss',
    async (fault) => {
      const stationId = `E2E-OUT-REPLY-${fault}`;
      const password = await stack().register(stationId, '1.6');
      const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
      await new Promise((resolve) => setTimeout(resolve, 2_500)); // commands wait for a charger that has just connected
      const over = Promise.withResolvers<void>();
      client.handle('ClearCache', async () => {
        await stack().setFault('dynamodb', fault);
        setTimeout(() => stack().setFault('dynamodb', undefined).then(over.resolve, over.reject), outageMs);
        return { status: 'Accepted' };
      });
      await stack()
        .command(stationId, 'ClearCache')
        .catch(() => []); // it may look again while the store is out
      await over.promise;
      await vi.waitFor(async () => {
        const lines = await stack().command(stationId);
        expect(lines.map((line) => line.split('\t').slice(2))).toEqual([
          ['ClearCache', 'Accepted', 'Accepted', '{"status":"Accepted"}'],
        ]);
      }, soon); // its deadline is later
      await client.close();
    },
  );
};
