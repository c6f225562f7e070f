import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { fleetTag, type RunningStack } from './running-stack.ts';
import { type StrictClient, strictClient } from './strict-client.ts';

const iso = (fromNowMs = 0) => new Date(Date.now() + fromNowMs).toISOString();

const connected = async (stack: RunningStack, stationId: string, ocpp: '1.6' | '2.0.1') => {
  const password = await stack.register(stationId, ocpp);
  const client = await strictClient({ url: stack.url, stationId, password }, [`ocpp${ocpp}`]);
  await client.call(
    'BootNotification',
    ocpp === '1.6'
      ? { chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '1.0' }
      : { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M', firmwareVersion: '1.0' } },
  );
  return client;
};

/** Waits until a query answers so. */
const seen = (stack: RunningStack, query: string, expected: unknown, as: 'key' | 'operator' = 'operator') =>
  vi.waitFor(async () => {
    const { data, errors } = await stack.graphql(`{ ${query} }`, as);
    expect(errors).toBeUndefined();
    expect(Object.values(Object(data))[0]).toEqual(expected);
  }, soon);

const titlesOf = async (stack: RunningStack, subject: string): Promise<readonly string[]> => {
  const range = `from: "${iso(-3_600_000)}", to: "${iso(3_600_000)}"`;
  const { data } = await stack.graphql(`{ timeline(${subject}, ${range}) { items { title } } }`);
  return Object(data).timeline.items.map(({ title }: { title: string }) => title);
};

const status16 = (client: StrictClient, status: string) =>
  client.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status, timestamp: iso() });

/** What the ends of commands and the station's own word leave in its record, from the wire to the API. */
export const stationRecordsSuite = (stack: () => RunningStack): void => {
  describe('a reservation', () => {
    it('of OCPP 1.6 is active when accepted, used by the session that names it, and shows its tag to operators', async () => {
      const stationId = 'E2E-RESERVE-16';
      const client = await connected(stack(), stationId, '1.6');
      client.handle('ReserveNow', ({ connectorId }) => ({ status: connectorId === 1 ? 'Accepted' : 'Occupied' }));
      client.handle('CancelReservation', () => ({ status: 'Accepted' }));
      const reserve = (reservationId: number, connectorId: number) =>
        stack().command(
          stationId,
          'ReserveNow',
          JSON.stringify({ reservationId, connectorId, idTag: fleetTag, expiryDate: iso(600_000) }),
          '--wait',
        );
      await reserve(1, 1);
      await reserve(2, 1);
      await expect(reserve(3, 2)).rejects.toThrow('not accepted');
      const query = `reservations(stationId: "${stationId}") { reservationId state tag reason }`;
      const of = (reservationId: number, state: string, reason: string | null = null) => ({
        ...{ reservationId, state, tag: fleetTag, reason },
      });
      const refused = of(3, 'Rejected', 'Occupied');
      await seen(stack(), query, [of(1, 'Active'), of(2, 'Active'), refused]);
      await client.call('StartTransaction', {
        ...{ connectorId: 1, idTag: fleetTag, meterStart: 0, reservationId: 1, timestamp: iso() },
      });
      await stack().command(stationId, 'CancelReservation', '{"reservationId":2}', '--wait');
      await seen(stack(), query, [of(1, 'Used'), of(2, 'Cancelled'), refused]);
      const hidden = [of(1, 'Used'), of(2, 'Cancelled'), refused].map((one) => ({ ...one, tag: null }));
      await seen(stack(), query, hidden, 'key');
      await vi.waitFor(async () => {
        const titles = await titlesOf(stack(), `stationId: "${stationId}"`);
        expect(titles).toEqual(expect.arrayContaining(['reservation 1 Used', 'reservation 2 Cancelled']));
      }, soon);
      await client.close();
    });

    it('of OCPP 2.0.1 is over when the station says so', async () => {
      const stationId = 'E2E-RESERVE-201';
      const client = await connected(stack(), stationId, '2.0.1');
      client.handle('ReserveNow', () => ({ status: 'Accepted' }));
      const idToken = { idToken: fleetTag, type: 'ISO14443' };
      const payload = { id: 5, expiryDateTime: iso(600_000), idToken, evseId: 1 };
      await stack().command(stationId, 'ReserveNow', JSON.stringify(payload), '--wait');
      const query = `reservations(stationId: "${stationId}") { reservationId state evseId }`;
      await seen(stack(), query, [{ reservationId: 5, state: 'Active', evseId: 1 }]);
      await client.call('ReservationStatusUpdate', { reservationId: 5, reservationUpdateStatus: 'Removed' });
      await seen(stack(), query, [{ reservationId: 5, state: 'Cancelled', evseId: 1 }]);
      await client.close();
    });
  });

  describe('capabilities', () => {
    const shown = 'firmware rateUnits maxStackLevel features hasStationMax refusedPurposes report';

    it('of OCPP 1.6 follow GetConfiguration, are corrected by refusals, and end with the firmware', async () => {
      const stationId = 'E2E-ABLE-16';
      const client = await connected(stack(), stationId, '1.6');
      const keys = { ChargeProfileMaxStackLevel: '8', ChargingScheduleAllowedChargingRateUnit: 'Current' };
      client.handle('GetConfiguration', () => ({
        configurationKey: Object.entries(keys).map(([key, value]) => ({ key, value, readonly: true })),
      }));
      client.handle('SetChargingProfile', () => ({ status: 'NotSupported' }));
      const query = `capabilities(stationId: "${stationId}") { ${shown} }`;
      const nothing = { rateUnits: null, maxStackLevel: null, features: null, refusedPurposes: [], report: 'none' };
      await seen(stack(), query, { ...nothing, firmware: null, hasStationMax: true });
      await stack().command(stationId, 'GetConfiguration', '{}', '--wait');
      const told = { ...nothing, firmware: '1.0', rateUnits: ['A'], maxStackLevel: 8, hasStationMax: true };
      await seen(stack(), query, told);
      const profile = {
        connectorId: 0,
        csChargingProfiles: {
          ...{ chargingProfileId: 1, stackLevel: 0, chargingProfileKind: 'Absolute' },
          chargingProfilePurpose: 'ChargePointMaxProfile',
          chargingSchedule: {
            ...{ chargingRateUnit: 'A', startSchedule: iso() },
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
          },
        },
      };
      await stack()
        .command(stationId, 'SetChargingProfile', JSON.stringify(profile), '--wait')
        .catch(() => {});
      await seen(stack(), query, { ...told, hasStationMax: false, refusedPurposes: ['stationMax'] });
      await client.call('BootNotification', {
        ...{ chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: '2.0' },
      });
      await seen(stack(), query, { ...nothing, firmware: '2.0', hasStationMax: true });
      await client.close();
    });

    it('of OCPP 2.0.1 follow a report of many parts, told in any order', async () => {
      const stationId = 'E2E-ABLE-201';
      const client = await connected(stack(), stationId, '2.0.1');
      const variable = (component: string, name: string, value: string) => ({
        ...{ component: { name: component }, variable: { name }, variableAttribute: [{ value }] },
        variableCharacteristics: { dataType: 'string', supportsMonitoring: false },
      });
      const part = (seqNo: number, tbc: boolean, ...reportData: object[]) =>
        client.call('NotifyReport', { requestId: 7, generatedAt: iso(), seqNo, tbc, reportData });
      const query = `capabilities(stationId: "${stationId}") { ${shown} }`;
      const told = {
        ...{ firmware: '1.0', rateUnits: ['W'], maxStackLevel: 5, features: null },
        ...{ hasStationMax: true, refusedPurposes: [] },
      };
      await part(2, false, variable('SmartChargingCtrlr', 'RateUnit', 'W'));
      await part(0, true, variable('SmartChargingCtrlr', 'ProfileStackLevel', '5'));
      await seen(stack(), query, { ...told, report: 'partial' });
      await part(1, true, variable('SmartChargingCtrlr', 'Available', 'true'));
      await part(1, true, variable('SmartChargingCtrlr', 'Available', 'true'));
      await seen(stack(), query, { ...told, features: ['SmartCharging'], report: 'complete' });
      await client.close();
    });
  });

  describe('a change of availability', () => {
    it('scheduled behind a session is pending until the connector shows it, and then on its timeline', async () => {
      const stationId = 'E2E-SERVICE';
      const client = await connected(stack(), stationId, '1.6');
      client.handle('ChangeAvailability', () => ({ status: 'Scheduled' }));
      await status16(client, 'Charging');
      const [line = ''] = await stack().command(
        stationId,
        'ChangeAvailability',
        '{"connectorId":1,"type":"Inoperative"}',
        '--wait',
      );
      const place = `stationId: "${stationId}", evseId: 1, connectorId: 1`;
      const query = `connector(${place}) { status pendingAvailability { operative scheduled } }`;
      await seen(stack(), query, { status: 'charging', pendingAvailability: { operative: false, scheduled: true } });
      expect(line).toContain('Accepted');
      await status16(client, 'Unavailable');
      await seen(stack(), query, { status: 'unavailable', pendingAvailability: null });
      await vi.waitFor(async () => {
        expect(await titlesOf(stack(), place)).toContain('out of service as commanded');
      }, soon);
      await client.close();
    });
  });
};
