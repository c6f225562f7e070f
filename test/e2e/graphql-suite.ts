import { expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { fleetTag, type RunningStack, siteId } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any query
type Data = Record<string, any>;

/** The shape of the API: one entity under one identity, lists of the network, edges, and errors by kind. */
export const graphqlSuite = (stack: () => RunningStack): void => {
  const ask = async (query: string): Promise<{ data: Data; types: readonly unknown[] }> => {
    const { data, errors = [] } = await stack().graphql(query, 'operator');
    return { data: Object(data), types: errors.map((error) => Object(error).errorType) };
  };

  /** All items of a list of the network, page by page. */
  const everyItem = async (list: 'stations' | 'connectors', fields: string): Promise<readonly Data[]> => {
    const items: Data[] = [];
    let after = '';
    do {
      const { [list]: page } = (await ask(`{ ${list}(limit: 100${after}) { items { ${fields} } nextToken } }`)).data;
      items.push(...page.items);
      after = page.nextToken === null ? '' : `, nextToken: "${page.nextToken}"`;
    } while (after !== '');
    return items;
  };

  it('shows a session under one id while it runs and after it has ended, by every way that leads to it', async () => {
    const stationId = 'E2E-SHAPE';
    const password = await stack().register(stationId, '1.6');
    const client = await strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
    const boot = { chargePointVendor: 'Shape', chargePointModel: 'Shape-50', firmwareVersion: '7.1' };
    await client.call('BootNotification', boot);
    const timestamp = new Date(Date.now() - 60_000).toISOString();
    const start = { connectorId: 1, idTag: fleetTag, meterStart: 0, timestamp };
    const { transactionId } = await client.call('StartTransaction', start);
    const range = `from: "${new Date(Date.now() - 3_600_000).toISOString()}", to: "${new Date(Date.now() + 3_600_000).toISOString()}"`;
    const session = 'id sessionId status endedAt reason station { id model } connector { id session { id } }';
    const listed = `{
      sites(limit: 100) { items { id stationCount statusCounts { connectors } stations(limit: 100) { items { id } } } }
      site(siteId: "${siteId}") { id region zoneIds }
      model: stations(model: "Shape-50", firmware: "7.1") { items { id firmware } }
      activeSessions(limit: 100) { items { ${session} } }
      byStation: sessions(filter: { stationId: "${stationId}" }, ${range}) { items { ${session} } nextToken }
      byTag: sessions(filter: { tag: "${fleetTag}" }, ${range}, limit: 100) { items { id status } }
      byNetwork: sessions(${range}, limit: 100) { items { id status } }
      statusCounts { connectors statuses { status connectors } }
    }`;
    let id = '';
    const running = await vi.waitFor(async () => {
      const answer = await ask(listed);
      id = answer.data.byStation.items[0].id;
      // The fields of one answer are read one after another: the session may begin between two of them.
      expect(JSON.stringify(answer.data.activeSessions)).toContain(id);
      return answer;
    }, soon);
    const seen = {
      id,
      sessionId: id,
      status: 'active',
      endedAt: null,
      reason: null,
      station: { id: stationId, model: 'Shape-50' },
      connector: { id: `${stationId}#1#1`, session: { id } },
    };
    expect(running.types).toEqual([]);
    expect(running.data.byStation).toEqual({ items: [seen], nextToken: null });
    expect(running.data.activeSessions.items).toContainEqual(seen);
    expect(running.data.byTag.items).toContainEqual({ id, status: 'active' });
    expect(running.data.model.items).toEqual([{ id: stationId, firmware: '7.1' }]);
    expect(running.data.site).toMatchObject({
      id: siteId,
      region: 'e2e',
      zoneIds: expect.arrayContaining(['e2e-zone']),
    });
    expect(running.data.sites.items.find((site: Data) => site.id === siteId).stations.items).toContainEqual({
      id: stationId,
    });
    const stations = await everyItem('stations', 'id site { id } connectors { id station { id } session { id } }');
    const station = stations.find((one) => one.id === stationId);
    expect(station).toEqual({
      id: stationId,
      site: { id: siteId },
      connectors: expect.arrayContaining([{ id: `${stationId}#1#1`, station: { id: stationId }, session: { id } }]),
    });
    expect(await everyItem('connectors', 'id')).toContainEqual({ id: `${stationId}#1#1` });
    expect(running.data.statusCounts.connectors).toBeGreaterThan(0);
    expect((await ask(`{ session(sessionId: "${id}") { id status } }`)).data.session).toEqual({ id, status: 'active' });

    const stop = { transactionId, meterStop: 900, timestamp: new Date().toISOString(), reason: 'Local' };
    await client.call('StopTransaction', stop);
    await vi.waitFor(async () => {
      const { data } = await ask(
        `{ session(sessionId: "${id}") { id status energyWh reason powerW connector { id session { id } } }
           sessions(${range}, limit: 100) { items { id status } } }`,
      );
      expect(data.session).toEqual({
        id,
        status: 'ended',
        energyWh: 900,
        reason: 'local',
        powerW: null,
        connector: { id: `${stationId}#1#1`, session: null },
      });
      expect(data.sessions.items).toContainEqual({ id, status: 'ended' });
    }, soon);
    await client.close();
  });

  it('answers the fields that can be answered beside one that cannot, each error with its kind', async () => {
    const { data, types } = await ask(`{
      connectors(limit: 101) { items { id } }
      sessions(filter: { siteId: "a", tag: "b" }, from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z") { items { id } }
      stations(firmware: "1") { items { id } }
      alerts(filter: { status: cleared }) { items { id } }
      page: connectors(nextToken: "nonsense") { items { id } }
      site(siteId: "nowhere") { id }
      statusCounts { connectors }
    }`);
    expect([data.connectors, data.sessions, data.stations, data.alerts, data.page, data.site]).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(data.statusCounts).toEqual({ connectors: expect.any(Number) });
    expect(types).toEqual(Array.from({ length: 5 }, () => 'InvalidRequest'));
    const unknown = await ask('mutation { acknowledgeAlert(alertId: "nothing") { id } }');
    expect([unknown.data.acknowledgeAlert, unknown.types]).toEqual([null, ['NotFound']]);
    expect((await ask('{ connectors(filter: { status: broken }) { items { id } } }')).types).toEqual([
      'ValidationError',
    ]);
  });
};
