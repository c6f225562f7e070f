import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { fleetTag, type RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

/** What a station accepts of profiles, and what the API then says limits it. */
export const limitsSuite = (stack: () => RunningStack): void => {
  describe('the limit of a connector', () => {
    it('follows what its station accepts, from whichever door, and ends with the session', async () => {
      const stationId = 'E2E-LIMIT';
      const password = await stack().register(stationId, '1.6');
      const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
      await client.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
      client.handle('SetChargingProfile', ({ connectorId }) => ({
        status: connectorId === 1 ? 'Accepted' : 'Rejected',
      }));
      const timestamp = new Date().toISOString();
      const { transactionId } = Object(
        await client.call('StartTransaction', { connectorId: 1, idTag: fleetTag, meterStart: 0, timestamp }),
      );
      const place = `stationId: "${stationId}", evseId: 1, connectorId: 1`;
      const shown = async () => {
        const { data } = await stack().graphql(`{ connector(${place}) { limitW limit { isKnown purpose } } }`);
        return Object(data).connector;
      };
      const limited = (limitW: number, purpose: string) => ({ limitW, limit: { isKnown: true, purpose } });

      const set = `setLimit(stationId: "${stationId}", evseId: 1, limitW: 5000) { state }`;
      expect((await stack().graphql(`mutation { ${set} }`, 'operator')).errors).toBeUndefined();
      const byDefault = { limit: { isKnown: true, purpose: 'txDefault' } };
      await vi.waitFor(async () => expect(await shown()).toMatchObject(byDefault), soon);
      expect((await shown()).limitW).toBeLessThanOrEqual(5_000);

      const raw = (connectorId: number, limit: number) =>
        stack().command(
          stationId,
          'SetChargingProfile',
          JSON.stringify({
            connectorId,
            csChargingProfiles: {
              ...{ chargingProfileId: 7, transactionId, stackLevel: 1 },
              ...{ chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative' },
              chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
            },
          }),
          '--wait',
        );
      await raw(1, 9_000);
      await raw(2, 1_000).catch(() => {});
      await vi.waitFor(async () => expect(await shown()).toEqual(limited(9_000, 'tx')), soon);
      await client.call('StopTransaction', { transactionId, meterStop: 0, timestamp: new Date().toISOString() });
      await vi.waitFor(async () => expect(await shown()).toMatchObject(byDefault), soon);
      await client.close();
    });
  });
};
