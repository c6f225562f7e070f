import { expect, it, vi } from 'vitest';
import type { Role } from '../../domain/kernel/role.ts';
import { soon } from '../support/soon.ts';
import { blockedTag, type RunningStack, siteId } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

type Answer = { data: Readonly<Record<string, unknown>>; types: readonly unknown[] };

const ask = async (stack: RunningStack, query: string, role: Role = 'operator'): Promise<Answer> => {
  const { data, errors = [] } = await stack.graphql(query, role);
  return { data: Object(data), types: errors.map((error) => Object(error).errorType) };
};

const alertsOf = async (stack: RunningStack, stationId: string): Promise<readonly Record<string, unknown>[]> => {
  const { data } = await ask(
    stack,
    `{ alerts(filter: { stationId: "${stationId}" }) { items {
      alertId rule severity status subjectKind connectorId siteId summary detail raises
      acknowledged { by note } cleared { by }
    } } }`,
  );
  const items: readonly Record<string, unknown>[] = Object(data.alerts).items ?? [];
  return items.map((item) => ({ ...item, detail: JSON.parse(String(item.detail)) }));
};

/** An alert from the charger's message to its end, as people see it. */
export const alertsSuite = (stack: () => RunningStack): void => {
  it('raises an alert for a fault, lets someone take it, and clears it when the fault is over', async () => {
    const stationId = 'E2E-ALERT';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    const at = Date.now() - 1_000;
    const report = (status: string, errorCode: string, timestamp: number) =>
      client.call('StatusNotification', {
        connectorId: 1,
        status,
        errorCode,
        timestamp: new Date(timestamp).toISOString(),
      });
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    await report('Faulted', 'ConnectorLockFailure', at);
    await report('Faulted', 'ConnectorLockFailure', at);
    const alertId = `connector-fault|connector:${stationId}#1#1|${new Date(at).toISOString()}`;
    const raised = {
      alertId,
      rule: 'connector-fault',
      severity: 'major',
      status: 'open',
      subjectKind: 'connector',
      connectorId: 1,
      siteId,
      summary: 'Faulted (ConnectorLockFailure)',
      detail: { status: 'faulted', errorCode: 'ConnectorLockFailure' },
      raises: 1,
      acknowledged: null,
      cleared: null,
    };
    await vi.waitFor(async () => expect(await alertsOf(stack(), stationId)).toEqual([raised]), soon);

    const take = `mutation { acknowledgeAlert(alertId: "${alertId}", note: "on my way") { status acknowledged { by note } } }`;
    const acknowledged = { by: 'operator', note: 'on my way' };
    expect(await ask(stack(), take)).toEqual({
      data: { acknowledgeAlert: { status: 'open', acknowledged } },
      types: [],
    });

    await report('Available', 'NoError', at + 500);
    const ended = { ...raised, status: 'cleared', acknowledged, cleared: { by: 'wattstream' } };
    await vi.waitFor(async () => expect(await alertsOf(stack(), stationId)).toEqual([ended]), soon);
    const late = await ask(stack(), `mutation { clearAlert(alertId: "${alertId}") { status } }`);
    expect(late.types).toEqual(['Conflict']);
    await client.close();
  });

  it('raises a ground fault of the connector a 2.0.1 station names, and clears it with its word', async () => {
    const stationId = 'E2E-RCD';
    const password = await stack().register(stationId, '2.0.1');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp2.0.1']);
    const at = Date.now() - 1_000;
    const notify = (actualValue: string, timestamp: number) =>
      client.call('NotifyEvent', {
        generatedAt: new Date(timestamp).toISOString(),
        seqNo: 0,
        eventData: [
          {
            eventId: 1,
            timestamp: new Date(timestamp).toISOString(),
            trigger: 'Delta',
            actualValue,
            eventNotificationType: 'HardWiredNotification',
            component: { name: 'RCD', evse: { id: 2, connectorId: 1 } },
            variable: { name: 'Tripped' },
          },
        ],
      });
    const statuses = async () => (await alertsOf(stack(), stationId)).map(({ alertId, status }) => [alertId, status]);
    const alertId = `ground-fault|connector:${stationId}#2#1|${new Date(at).toISOString()}`;
    await client.call('BootNotification', {
      reason: 'PowerUp',
      chargingStation: { vendorName: 'Third', model: 'Party' },
    });
    await notify('true', at);
    await vi.waitFor(async () => expect(await statuses()).toEqual([[alertId, 'open']]), soon);
    await notify('false', at + 500);
    await vi.waitFor(async () => expect(await statuses()).toEqual([[alertId, 'cleared']]), soon);
    await client.close();
  });

  it('lets people set the thresholds of a site, and refuses those that are none', async () => {
    const set = (name: string) =>
      ask(
        stack(),
        `mutation { setSiteThresholds(siteId: "e2e-other", thresholds: [{ name: "${name}", value: 750 }]) { siteId } }`,
        'administrator',
      );
    expect((await set('lowPower')).types).toEqual(['InvalidRequest']);
    expect((await set('lowPowerW')).types).toEqual([]);
    const { data } = await ask(stack(), '{ siteThresholds(siteId: "e2e-other") { thresholds { name value isOwn } } }');
    const thresholds: readonly { name: string }[] = Object(data.siteThresholds).thresholds;
    expect(thresholds.filter(({ name }) => ['lowPowerW', 'stallMs'].includes(name))).toEqual([
      { name: 'lowPowerW', value: 750, isOwn: true },
      { name: 'stallMs', value: 600_000, isOwn: false },
    ]);
  });

  it('tells a refused start as no session, and raises an alert when energy flows all the same', async () => {
    // History follows the live state, and comes after whatever other suites have sent.
    const stationId = 'E2E-REFUSED';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const start = { connectorId: 1, idTag: blockedTag, meterStart: 0, timestamp: at(5) };
    const { transactionId, idTagInfo } = await client.call('StartTransaction', start);
    expect(idTagInfo).toMatchObject({ status: 'Blocked' });
    const range = `from: "${at(60)}", to: "${at(-60)}"`;
    const seen = async () =>
      (
        await ask(
          stack(),
          `{ sessions(filter: { stationId: "${stationId}" }, ${range}) { items { status } }
             timeline(stationId: "${stationId}", evseId: 1, connectorId: 1, ${range}) { items { title } } }`,
        )
      ).data;
    await vi.waitFor(async () => {
      const { timeline, sessions } = await seen();
      expect(Object(timeline).items).toContainEqual({ title: 'authorization refused: Blocked' });
      expect(Object(sessions).items).toEqual([]);
    }, soon);

    const sampledValue = [{ value: '900', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
    await client.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: at(1), sampledValue }],
    });
    await vi.waitFor(async () => {
      expect(Object((await seen()).sessions).items).toEqual([{ status: 'active' }]);
      expect(await alertsOf(stack(), stationId)).toMatchObject([{ rule: 'unauthorized-session', status: 'open' }]);
    }, soon);
    await client.call('StopTransaction', { transactionId, meterStop: 900, timestamp: at(0), reason: 'Local' });
    await vi.waitFor(
      async () =>
        expect(await alertsOf(stack(), stationId)).toMatchObject([{ rule: 'unauthorized-session', status: 'cleared' }]),
      soon,
    );
    await client.close();
  });
};
