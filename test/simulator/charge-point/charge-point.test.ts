import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ChargePoint, chargePoint } from '../../../simulator/charge-point/charge-point.ts';
import { systemClock } from '../../../simulator/clock.ts';
import { demoNetwork } from '../../../simulator/demo-network.ts';
import { random } from '../../../simulator/random.ts';
import { tagPool } from '../../../simulator/tag-pool.ts';
import { type Traffic, traffic } from '../../../simulator/traffic.ts';
import { type Answers, type StubCsms, stubCsms } from '../stub-csms.ts';

const network = demoNetwork({ stations: 20, seed: 'demo' });
const running: { stop: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const { stop } of running.splice(0).toReversed()) await stop();
});

const csms = async (answers: Answers = {}): Promise<StubCsms> => {
  const stub = await stubCsms(answers);
  running.push({ stop: stub.close });
  return stub;
};

/** A station of this version in a hurry: cars come at once and the meter is read ten times a second. */
const station = (ocpp: '1.6' | '2.0.1', stub: StubCsms): ChargePoint & { counted: Traffic; stationId: string } => {
  const found = network.stations.find((candidate) => candidate.ocpp === ocpp && candidate.model === 'HPC 150');
  if (!found) throw new Error(`The demo network has no ${ocpp} station of that model`);
  const counted = traffic();
  const point = chargePoint({
    station: found,
    url: stub.url,
    tags: tagPool(['WS000001', 'WS000002', 'WS000003']),
    chance: random('hurry'),
    traffic: counted,
    rate: 60,
    sampleMs: 1000,
    clock: systemClock,
    newTransactionId: () => crypto.randomUUID(),
    speedUp: 10,
    strict: true,
    drops: false,
    log: () => {},
  });
  running.push(point);
  return { ...point, counted, stationId: found.stationId };
};

const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

describe.each(['1.6', '2.0.1'] as const)('a simulated station speaking OCPP %s', (ocpp) => {
  const startAction = ocpp === '1.6' ? 'StartTransaction' : 'TransactionEvent';

  it('boots first, then says nothing the official schemas forbid', async () => {
    const stub = await csms();
    const point = station(ocpp, stub);
    point.start();
    await until(() => expect(stub.heard.map(({ action }) => action)).toContain(startAction));
    await point.quiesce();
    expect(stub.heard[0]?.action).toBe('BootNotification');
    expect({ problems: stub.problems, ...point.counted.read().failures }).toEqual({ problems: [] });
  });

  it('waits with everything else until its boot is accepted', async () => {
    let boots = 0;
    const stub = await csms({
      BootNotification: () => ({
        status: ++boots === 1 ? 'Pending' : 'Accepted',
        currentTime: new Date().toISOString(),
        interval: 1,
      }),
    });
    station(ocpp, stub).start();
    await until(() => expect(stub.heard.length).toBeGreaterThan(3));
    expect(stub.heard.slice(0, 3).map(({ action }) => action)).toEqual([
      'BootNotification',
      'BootNotification',
      'StatusNotification',
    ]);
  });

  it('keeps transaction messages it got no result for, and delivers them in order with their old timestamps', async () => {
    let refusals = 2;
    const refused: unknown[] = [];
    const stub = await csms({
      [startAction]: ({ params }) => {
        if (refusals-- > 0) {
          refused.push(params);
          throw new Error('not now');
        }
        return ocpp === '1.6' ? { transactionId: 7, idTagInfo: { status: 'Accepted' } } : {};
      },
    });
    const point = station(ocpp, stub);
    point.start();
    await until(() => expect(refusals).toBeLessThan(0));
    const starts = stub.heard.filter(({ action }) => action === startAction);
    expect(starts.slice(0, 3).map(({ params }) => params)).toEqual([refused[0], refused[0], refused[0]]);
    expect(point.counted.read().retried).toBe(2);
  });

  it('knows of each connector what it has told and been answered', async () => {
    const stub = await csms();
    const point = station(ocpp, stub);
    point.start();
    await until(() =>
      expect(point.record().connectors.some(({ transaction }) => (transaction?.energyWh ?? 0) > 0)).toBe(true),
    );
    await point.quiesce();
    const { connectors, pending, connected } = point.record();
    const { sent, answered } = point.counted.read();
    expect({ pending, connected, unanswered: sent - answered }).toEqual({ pending: 0, connected: true, unanswered: 0 });
    for (const { evseId, connectorId, status } of connectors) {
      const ours = ({ params }: (typeof stub.heard)[number]) =>
        ocpp === '1.6' ? params.connectorId === connectorId : params.evseId === evseId;
      const told = stub.heard.findLast((heard) => heard.action === 'StatusNotification' && ours(heard))?.params;
      expect(told?.status ?? told?.connectorStatus).toBe(status);
    }
  });

  it('comes back after the network dropped it, and loses nothing of its transactions', async () => {
    const stub = await csms();
    const point = station(ocpp, stub);
    point.start();
    await until(() => expect(point.record().connectors.some(({ transaction }) => transaction)).toBe(true));
    await stub.client(point.stationId)?.close({ force: true });
    await until(() => expect(point.isConnected()).toBe(false));
    await until(() => expect(point.isConnected()).toBe(true));
    await point.quiesce();
    const { abandoned, refused, timedOut, reconnects } = point.counted.read();
    expect({ abandoned, refused, timedOut, reconnects }).toEqual({
      abandoned: 0,
      refused: 0,
      timedOut: 0,
      reconnects: 1,
    });
  });

  it('obeys a charging profile soon after it has accepted it', async () => {
    const stub = await csms();
    const point = station(ocpp, stub);
    const limit = 7000;
    const schedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
    const profile = {
      stackLevel: 1,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Absolute',
    };
    const startSchedule = new Date(Date.now() - 1000).toISOString();
    point.start();
    await until(() => expect(point.load().powerW).toBeGreaterThan(20_000));
    const answer = await stub.client(point.stationId)?.call(
      'SetChargingProfile',
      ocpp === '1.6'
        ? {
            connectorId: 0,
            csChargingProfiles: {
              ...profile,
              chargingProfileId: 1,
              chargingSchedule: { ...schedule, startSchedule },
            },
          }
        : {
            evseId: 0,
            chargingProfile: { ...profile, id: 1, chargingSchedule: [{ ...schedule, id: 1, startSchedule }] },
          },
    );
    expect(answer).toEqual({ status: 'Accepted' });
    await until(() => expect(point.load().powerW).toBeLessThanOrEqual(2 * limit));
  });

  it.runIf(ocpp === '1.6')('starts and stops when it is told to', async () => {
    const stub = await csms();
    const point = station(ocpp, stub);
    point.start();
    await until(() => expect(stub.heard.length).toBeGreaterThan(2));
    const client = stub.client(point.stationId);
    expect(await client?.call('RemoteStopTransaction', { transactionId: 4711 })).toEqual({ status: 'Rejected' });
    const open = await vi.waitFor(
      () => {
        const found = point.record().connectors.find(({ transaction }) => Number(transaction?.transactionId) > 0);
        if (!found?.transaction) throw new Error('No transaction has its id yet');
        return found.transaction;
      },
      { timeout: 60_000, interval: 10 },
    );
    expect(await client?.call('RemoteStopTransaction', { transactionId: Number(open.transactionId) })).toEqual({
      status: 'Accepted',
    });
    await until(() =>
      expect(stub.heard).toContainEqual(
        expect.objectContaining({ action: 'StopTransaction', params: expect.objectContaining({ reason: 'Remote' }) }),
      ),
    );
  });
});
