import { expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { blockedTag, goodTag, type RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const utc = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const liveConnector = async (stack: RunningStack, stationId: string, connectorId: number) => {
  const { data } = await stack.graphql(
    `{ connector(stationId: "${stationId}", evseId: 1, connectorId: ${connectorId}) {
      status connectorType ratedW
      session { transactionId tag energyWh powerW socPercent meterStartWh flags }
    } }`,
    'operator',
  );
  return Object(data).connector;
};

/** A whole session in both versions, through a client that refuses whatever the schemas forbid. */
export const sessionsSuite = (stack: () => RunningStack): void => {
  it('serves a strict OCPP 1.6 client from boot to stop, and shows the session while it lasts', async () => {
    const stationId = 'E2E-16';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    expect(
      await client.call('BootNotification', {
        chargePointVendor: 'Third',
        chargePointModel: 'Party',
        firmwareVersion: '1.2',
      }),
    ).toEqual({ status: 'Accepted', currentTime: utc, interval: 540 });
    expect(await client.call('Heartbeat', {})).toEqual({ currentTime: utc });
    expect(await client.call('Authorize', { idTag: goodTag })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await client.call('Authorize', { idTag: blockedTag })).toEqual({ idTagInfo: { status: 'Blocked' } });
    expect(await client.call('Authorize', { idTag: 'NOBODY' })).toEqual({ idTagInfo: { status: 'Invalid' } });
    const status = (word: string) => ({
      connectorId: 1,
      errorCode: 'NoError',
      status: word,
      timestamp: new Date().toISOString(),
    });
    expect(await client.call('StatusNotification', status('Preparing'))).toEqual({});

    const start = { connectorId: 1, idTag: goodTag, meterStart: 1000, timestamp: minutesAgo(10) };
    const { transactionId, ...verdict } = await client.call('StartTransaction', start);
    expect(verdict).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(transactionId).toSatisfy((id: number) => Number.isInteger(id) && id > 0 && id < 2 ** 31);
    expect(await client.call('StartTransaction', start)).toEqual({ transactionId, ...verdict });
    await client.call('StatusNotification', status('Charging'));
    const sampledValue = [
      { value: '3500', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: '21.5', measurand: 'Power.Active.Import', unit: 'kW' },
      { value: '64', measurand: 'SoC', unit: 'Percent' },
    ];
    const meterValue = [{ timestamp: minutesAgo(1), sampledValue }];
    expect(await client.call('MeterValues', { connectorId: 1, transactionId, meterValue })).toEqual({});
    await vi.waitFor(
      async () =>
        expect(await liveConnector(stack(), stationId, 1)).toEqual({
          status: 'charging',
          connectorType: 'CCS',
          ratedW: 50_000,
          session: {
            transactionId: String(transactionId),
            tag: goodTag,
            energyWh: 2500,
            powerW: 21_500,
            socPercent: 64,
            meterStartWh: 1000,
            flags: expect.any(Array),
          },
        }),
      soon,
    );

    const stop = {
      transactionId,
      idTag: goodTag,
      meterStop: 4000,
      timestamp: new Date().toISOString(),
      reason: 'Local',
    };
    expect(await client.call('StopTransaction', stop)).toEqual({ idTagInfo: { status: 'Accepted' } });
    await client.call('StatusNotification', status('Available'));
    await vi.waitFor(
      async () =>
        expect(await liveConnector(stack(), stationId, 1)).toMatchObject({ status: 'available', session: null }),
      soon,
    );
    expect(client.violations).toEqual([]);
    await client.close();
  });

  it('serves a strict OCPP 2.0.1 client from boot to end, and shows the session while it lasts', async () => {
    const stationId = 'E2E-201';
    const password = await stack().register(stationId, '2.0.1');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp2.0.1']);
    const idToken = { idToken: goodTag, type: 'ISO14443' };
    expect(
      await client.call('BootNotification', {
        reason: 'PowerUp',
        chargingStation: { vendorName: 'Third', model: 'Party' },
      }),
    ).toEqual({ status: 'Accepted', currentTime: utc, interval: 540 });
    expect(await client.call('Heartbeat', {})).toEqual({ currentTime: utc });
    expect(await client.call('Authorize', { idToken })).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    const status = (connectorStatus: string) => ({
      timestamp: new Date().toISOString(),
      connectorStatus,
      evseId: 1,
      connectorId: 1,
    });
    expect(await client.call('StatusNotification', status('Occupied'))).toEqual({});

    const transactionId = 'e2e-transaction';
    const evse = { id: 1, connectorId: 1 };
    const register = (value: number, context: string) => ({
      value,
      context,
      measurand: 'Energy.Active.Import.Register',
      unitOfMeasure: { unit: 'kWh' },
    });
    const started = await client.call('TransactionEvent', {
      eventType: 'Started',
      timestamp: minutesAgo(10),
      triggerReason: 'CablePluggedIn',
      seqNo: 0,
      transactionInfo: { transactionId, chargingState: 'EVConnected' },
      evse,
      idToken,
      meterValue: [{ timestamp: minutesAgo(10), sampledValue: [register(100, 'Transaction.Begin')] }],
    });
    expect(started).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    const power = { value: 11.04, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W', multiplier: 3 } };
    await client.call('TransactionEvent', {
      eventType: 'Updated',
      timestamp: minutesAgo(1),
      triggerReason: 'MeterValuePeriodic',
      seqNo: 1,
      transactionInfo: { transactionId, chargingState: 'Charging' },
      meterValue: [{ timestamp: minutesAgo(1), sampledValue: [register(102.5, 'Sample.Periodic'), power] }],
    });
    await vi.waitFor(
      async () =>
        expect(await liveConnector(stack(), stationId, 1)).toMatchObject({
          status: 'charging',
          session: { transactionId, tag: goodTag, energyWh: 2500, powerW: 11_040, meterStartWh: 100_000 },
        }),
      soon,
    );
    await client.call('TransactionEvent', {
      eventType: 'Ended',
      timestamp: new Date().toISOString(),
      triggerReason: 'EVCommunicationLost',
      seqNo: 2,
      transactionInfo: { transactionId, stoppedReason: 'EVDisconnected' },
      meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [register(103, 'Transaction.End')] }],
    });
    await client.call('StatusNotification', status('Available'));
    await vi.waitFor(
      async () =>
        expect(await liveConnector(stack(), stationId, 1)).toMatchObject({ status: 'available', session: null }),
      soon,
    );
    expect(client.violations).toEqual([]);
    await client.close();
  });
};
