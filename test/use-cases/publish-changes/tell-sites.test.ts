import { describe, expect, it } from 'vitest';
import { SomeFailed } from '../../../async/settle.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { ReportedCapabilities } from '../../../domain/kernel/reported-capabilities.ts';
import { blankStation } from '../../../domain/station/station-state.ts';
import { connectorChange, stationChange } from '../../../use-cases/ports/item-change.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { tellSites } from '../../../use-cases/publish-changes/tell-sites.ts';
import { charging, connector } from '../../domain/alerts/fixtures.ts';
import { configuration } from '../../domain/site/given-site.ts';
import { registration } from '../../fakes/registration.ts';

const { siteId } = connector({}).place;

const setting = ({ controlled = true, fails = false } = {}) => {
  const told: SiteRecord[] = [];
  const tell = tellSites({
    configurations: { all: async () => [configuration({ siteId, controlled })] },
    stream: {
      put: async (records) => {
        if (fails) throw new Error('throttled');
        told.push(...records);
      },
    },
  });
  const write = (before: Connector | undefined, after: Connector) => tell([connectorChange(before, after)]);
  return { told, tell, write };
};

const at = (powerW: number, rev: number): Connector => ({ ...charging(rev, { powerW }), rev });
const empty = (rev: number): Connector => connector({ rev });

describe('a controlled site is told', () => {
  it('when a session begins, when its power moves clearly, and when it ends', async () => {
    const { told, write } = setting();
    await write(empty(1), at(10_000, 2));
    await write(at(10_000, 2), at(10_050, 3));
    await write(at(10_050, 3), at(20_000, 4));
    await write(at(20_000, 4), empty(5));
    const powers = told.map((record) => record.kind === 'site-connector' && record.connector.session?.powerW);
    expect(powers).toEqual([10_000, 20_000, undefined]);
  });

  it('of slow changes once they add up, not of noise around a threshold', async () => {
    const { told, write } = setting();
    for (let rev = 1; rev < 40; rev++) await write(at(10_000, rev), at(10_000 + (rev % 2) * 150, rev + 1));
    expect(told).toHaveLength(1);
  });

  it('that a session has ended, by a worker that never told of it', async () => {
    const { told, write } = setting();
    await write(at(20_000, 4), empty(5));
    expect(told.map(({ kind }) => kind)).toEqual(['site-connector']);
  });

  it('nothing where it is not controlled', async () => {
    const { told, write } = setting({ controlled: false });
    await write(empty(1), at(10_000, 2));
    expect(told).toEqual([]);
  });

  it('that a station can switch phases, once it has told so', async () => {
    const { told, tell } = setting();
    const image = (abilities: ReportedCapabilities) => ({
      stationId: 'S1',
      registration: registration({ stationId: 'S1', siteId }),
      state: { ...blankStation('S1'), capabilities: { since: 0, told: abilities, refused: [] } },
    });
    await tell([stationChange(image({}), image({ maxPeriods: 3 }))]);
    expect(told).toEqual([]);
    await tell([stationChange(image({}), image({ switchesPhases: true }))]);
    expect(told).toEqual([{ kind: 'site-configured', siteId, receivedAt: 0, bootedId: 'S1' }]);
  });

  it('that a station was moved to another site, or from one', async () => {
    const at = (site: string) => ({
      stationId: 'S1',
      registration: registration({ stationId: 'S1', siteId: site }),
      state: blankStation('S1'),
    });
    const { told, tell } = setting();
    await tell([stationChange(at(siteId), at('elsewhere'))]);
    await tell([stationChange(at('elsewhere'), at(siteId))]);
    await tell([stationChange(at('elsewhere'), at('nowhere'))]);
    const configured = { kind: 'site-configured', siteId, receivedAt: 0 };
    const evseIds = [...new Set(registration({}).connectors.map(({ evseId }) => evseId))];
    expect(told).toEqual([{ ...configured, left: { stationId: 'S1', evseIds } }, configured]);
  });

  it('again what the stream did not take', async () => {
    const { write } = setting({ fails: true });
    await expect(write(empty(1), at(10_000, 2))).rejects.toThrow(SomeFailed);
  });
});
