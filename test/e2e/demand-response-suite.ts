import { expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { fleetTag, type RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

type Period = { readonly startPeriod: number; readonly limit: number };

/** A third-party charger that charges on its 50 kW connector, and the profiles it was sent. */
const chargingStation = async (stack: RunningStack, stationId: string, zoneId: string, powerW: number) => {
  const password = await stack.register(stationId, '1.6', zoneId);
  const client = await strictClient({ url: stack.url, stationId, password }, ['ocpp1.6']);
  const profiles: { readonly purpose: string; readonly unit: string; readonly periods: readonly Period[] }[] = [];
  client.handle('SetChargingProfile', ({ csChargingProfiles }) => {
    const { chargingProfilePurpose: purpose, chargingSchedule } = Object(csChargingProfiles);
    const { chargingRateUnit: unit, chargingSchedulePeriod: periods } = chargingSchedule;
    profiles.push({ purpose, unit, periods });
    return { status: 'Accepted' };
  });
  await client.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: fleetTag, meterStart: 0, timestamp };
  const { transactionId } = await client.call('StartTransaction', start);
  const measure = (drawnW: number) =>
    client.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: new Date().toISOString(),
          sampledValue: [{ value: String(drawnW), measurand: 'Power.Active.Import', unit: 'W' }],
        },
      ],
    });
  await measure(powerW);
  return { client, profiles, measure };
};

/** Requests of the grid, from the bus and the API to third-party chargers and back. */
export const demandResponseSuite = (stack: () => RunningStack): void => {
  it('sheds what the bus asks for, shows the plan, and comes back when it is cancelled', async () => {
    const zoneId = 'e2e-relief';
    const first = await chargingStation(stack(), 'E2E-RELIEF-1', zoneId, 40_000);
    const second = await chargingStation(stack(), 'E2E-RELIEF-2', zoneId, 20_000);
    const ask = async (query: string, as: 'key' | 'operator' = 'key') => Object(await stack().graphql(query, as));
    await vi.waitFor(async () => {
      const { data } = await ask(`{ zoneLoad(zoneId: "${zoneId}") { loadKw stations stationsUnknown } }`);
      expect(data.zoneLoad).toEqual({ loadKw: 60, stations: 2, stationsUnknown: 0 });
    }, soon);

    const detail = { signalId: 'e2e-dr', type: 'CURTAIL', zoneId, reductionKw: 30, endAt: inMinutes(30) };
    await stack().ask('utility', 'DemandResponseRequested', detail);
    await vi.waitFor(() => expect([first.profiles, second.profiles].map(({ length }) => length)).toEqual([1, 1]), soon);
    const [cap] = first.profiles;
    expect(cap).toMatchObject({ purpose: 'ChargePointMaxProfile', unit: 'W' });
    expect(cap?.periods[0]).toMatchObject({ startPeriod: 0, limit: 20_000 });
    expect(second.profiles[0]?.periods[0]).toMatchObject({ limit: 10_000 });
    // The return is written in: nobody has to tell the station.
    expect(cap?.periods.length).toBeGreaterThan(3);

    const plan =
      '{ demandResponse(id: "e2e-dr") { state by plannedKw shortfallKw stations { stationId shedKw state } } }';
    await vi.waitFor(async () => {
      const { data } = await ask(plan);
      expect(data.demandResponse).toMatchObject({ state: 'active', plannedKw: 30, shortfallKw: 0 });
      expect(data.demandResponse.by).toContain('utility');
      expect(data.demandResponse.stations).toEqual([
        { stationId: 'E2E-RELIEF-1', shedKw: 20, state: 'sent' },
        { stationId: 'E2E-RELIEF-2', shedKw: 10, state: 'sent' },
      ]);
    }, soon);

    const cancel = 'mutation { cancelDemandResponse(id: "e2e-dr", why: "over") { state } }';
    expect(JSON.stringify(await ask(cancel))).toContain('Unauthorized');
    expect((await ask(cancel, 'operator')).data.cancelDemandResponse).toEqual({ state: 'restoring' });
    await vi.waitFor(() => expect(first.profiles.length).toBe(2), soon);
    expect(first.profiles[1]?.periods.at(-1)?.limit).toBeGreaterThan(40_000);
    expect([...first.client.violations, ...second.client.violations]).toEqual([]);
    await Promise.all([first.client.close(), second.client.close()]);
  });

  it('leaves a driver who is opted out alone in an event of priority 3, and keeps who said so', async () => {
    const zoneId = 'e2e-comfort';
    const station = await chargingStation(stack(), 'E2E-COMFORT-1', zoneId, 40_000);
    const ask = async (query: string, as: 'key' | 'operator' = 'key') => Object(await stack().graphql(query, as));
    const set = (isOptedOut: boolean) =>
      ask(
        `mutation { setParticipation(participation: { tag: "${fleetTag.toLowerCase()}", isOptedOut: ${isOptedOut}, why: "on call" }) { rev } }`,
        'operator',
      );
    expect((await set(true)).data.setParticipation).toEqual({ rev: 1 });
    await vi.waitFor(async () => {
      const { data } = await ask(`{ zoneLoad(zoneId: "${zoneId}") { loadKw } }`);
      expect(data.zoneLoad).toEqual({ loadKw: 40 });
    }, soon);
    const detail = { signalId: 'e2e-comfort', type: 'CURTAIL', priority: 3, zoneId, reductionKw: 20 };
    await stack().ask('utility', 'DemandResponseRequested', { ...detail, endAt: inMinutes(30) });
    await vi.waitFor(async () => {
      const { data } = await ask('{ demandResponse(id: "e2e-comfort") { plannedKw shortfallKw } }');
      expect(data.demandResponse).toEqual({ plannedKw: 0, shortfallKw: 20 });
    }, soon);
    await set(false);
    const asked = `{ participation(tag: "${fleetTag}") { isOptedOut changes { rev isOptedOut setBy why } } }`;
    expect(JSON.stringify(await ask(asked))).toContain('Unauthorized');
    const { data } = await ask(asked, 'operator');
    expect(data.participation).toEqual({
      isOptedOut: false,
      changes: [2, 1].map((rev) => ({ rev, isOptedOut: rev === 1, setBy: expect.any(String), why: 'on call' })),
    });
    await ask('mutation { cancelDemandResponse(id: "e2e-comfort") { state } }', 'operator');
    await station.client.close();
  });

  it('answers a request it does not understand with the reason', async () => {
    const { errors } = await stack().graphql(
      'mutation { submitDemandResponse(signal: { signalId: "bad", type: SHED, zoneId: "z", endAt: "2020-01-01T00:00:00Z" }) { id } }',
      'operator',
    );
    expect(JSON.stringify(errors)).toContain('endAt');
    expect(Object(await stack().graphql('{ demandResponse(id: "bad") { id } }')).data.demandResponse).toBeNull();
  });
};
