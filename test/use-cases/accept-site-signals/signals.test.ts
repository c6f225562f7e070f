import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitSource, OPERATORS } from '../../../domain/site/limit-source.ts';
import { MARK, signalExample, signalSchema, signalsDocument } from '../../../events/signals-document.ts';
import { signalNames } from '../../../lib/consumers/accept-site-signals.ts';
import { acceptBusSignal } from '../../../use-cases/accept-site-signals/accept-bus-signal.ts';
import { acceptSiteSignal } from '../../../use-cases/accept-site-signals/accept-site-signal.ts';
import { readSiteSignal } from '../../../use-cases/accept-site-signals/read-site-signal.ts';
import { signalTypes, topicNames } from '../../../use-cases/accept-site-signals/signal-contracts.ts';
import { siteRecordOf } from '../../../use-cases/allocate-site/site-record-of.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { detailFaults } from '../../events/schemas.ts';

const receivedAt = Date.parse('2026-11-20T12:00:05Z');
const door = { by: 'meter', receivedAt };

describe.each(signalTypes)('signal %s', (type) => {
  const example = signalExample(type);

  it('is read from its example, by its name and by its topic', () => {
    const byName = readSiteSignal({ ...door, name: type }, example);
    expect(byName).toMatchObject({ type, siteId: 'leeds-retail-02', by: 'meter' });
    expect(readSiteSignal({ ...door, name: topicNames[type], siteId: 'leeds-retail-02' }, example)).toEqual(byName);
  });

  it.each(['version', 'time'])('is refused without %s, which is named', (name) => {
    const said = Object.fromEntries(Object.entries(example).filter(([key]) => key !== name));
    expect(() => readSiteSignal({ ...door, name: type }, said)).toThrow(name);
  });

  it('has the schema it is checked by', () => {
    const file = new URL(`../../../events/signals/${type}.schema.json`, import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8')), 'run npm run docs:events').toEqual(
      JSON.parse(JSON.stringify(signalSchema(type))),
    );
  });
});

it('the page of signals is what their contracts say, and the bus hears all of them', () => {
  const page = readFileSync(new URL('../../../docs/signals.md', import.meta.url), 'utf8');
  expect(page.includes(MARK)).toBe(true);
  expect(page, 'run npm run docs:events').toBe(signalsDocument(page));
  expect(signalNames).toEqual(signalTypes);
});

describe('a signal is refused', () => {
  const demand = signalExample('SiteDemandMeasured');
  const limit = signalExample('SiteLimitSet');
  it.each([
    ['for another site than its topic names', 'SiteDemandMeasured', { ...demand, siteId: 'other' }, 'was sent for'],
    ['from the future', 'SiteDemandMeasured', { ...demand, time: '2026-11-20T12:10:00Z' }, 'future'],
    ['with a power that is none', 'SiteDemandMeasured', { ...demand, powerW: 'much' }, 'powerW'],
    ['with a limit of a feeder nobody names', 'SiteLimitSet', { ...limit, feederId: undefined }, 'feederId'],
    ['with amperes for a site', 'SiteLimitSet', { ...limit, limitA: 16 }, 'limitA'],
    [
      'with a limit that ends before it begins',
      'SiteLimitSet',
      { ...limit, to: '2026-11-20T16:00:00Z' },
      'ends after it begins',
    ],
    [
      'with a limit that has ended',
      'SiteLimitSet',
      { ...limit, from: undefined, to: '2026-11-20T12:00:04Z' },
      'ended already',
    ],
    [
      'with a limit of another name, which is not the end of one',
      'SiteLimitSet',
      { ...limit, limitW: undefined, limitKw: 60 },
      'limitKw means nothing',
    ],
    ['with a limit that is null', 'SiteLimitSet', { ...limit, limitW: null }, 'limitW'],
    [
      'with a price that says nothing',
      'PricesPublished',
      { ...signalExample('PricesPublished'), prices: [{ from: '2026-11-20T12:00:00Z' }] },
      'tier or a price',
    ],
    ['that nobody knows', 'Weather', {}, 'There is no signal'],
  ])('%s', (_what, name, said, words) => {
    expect(() => readSiteSignal({ ...door, name, siteId: 'leeds-retail-02' }, said)).toThrow(words);
  });
});

const doors = () => {
  const records: SiteRecord[] = [];
  const told: { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[] = [];
  const stream = { put: async (more: readonly SiteRecord[]) => void records.push(...more) };
  const bus = {
    put: async (events: readonly (typeof told)[number][]) => {
      told.push(...events);
      return [];
    },
  };
  return { records, told, stream, bus };
};

describe('every door', () => {
  it('leads to the same signal in the stream', async () => {
    const { records, stream, bus } = doors();
    const said = signalExample('BidSet');
    await acceptSiteSignal({ stream })({ ...door, name: 'BidSet' }, said);
    const accept = acceptBusSignal({ stream, bus, clock: () => receivedAt, digest: (text) => String(text.length) });
    await accept({ source: 'app', account: '1', detailType: 'BidSet', detail: said });
    // As the topic rule writes it.
    const payload = Buffer.from(JSON.stringify(said)).toString('base64');
    const { siteId } = said;
    const fromMqtt = { kind: 'signals', siteId, name: 'bid', payload, clientId: 'site:leeds-retail-02', receivedAt };
    const read = [...records, fromMqtt].map((record) => siteRecordOf('1', JSON.stringify(record), '7')?.value.event);
    const [first] = read;
    expect(first).toMatchObject({ type: 'signalled', signal: { type: 'BidSet', perKwh: 0.55 } });
    const content = (event: (typeof read)[number]) =>
      event?.type === 'signalled' ? { ...event.signal, by: '' } : event;
    expect(new Set(read.map((event) => JSON.stringify(content(event)))).size).toBe(1);
  });

  it('says whose limits it brings: each system its own, and people those of all operators', async () => {
    const { records, stream, bus } = doors();
    const said = signalExample('SiteLimitSet');
    await acceptSiteSignal({ stream })({ ...door, name: 'SiteLimitSet', by: 'openadr', source: OPERATORS }, said);
    const accept = acceptBusSignal({ stream, bus, clock: () => receivedAt, digest: (text) => String(text.length) });
    await accept({ source: 'dso', account: '1', detailType: 'SiteLimitSet', detail: said });
    const payload = Buffer.from(JSON.stringify(said)).toString('base64');
    const put = (name: string, clientId: string) => {
      records.push({ kind: 'signals', siteId: 'leeds-retail-02', name, payload, clientId, receivedAt });
    };
    put('limit', 'site:leeds-retail-02');
    put('limit', 'bems-7');
    put('limit', 'command line: olga');
    put('SiteLimitSet', 'demand response');
    put('SiteLimitSet', 'olga'); // As an earlier version told it.
    const sources = records.map((record) => {
      const event = siteRecordOf('1', JSON.stringify(record), '7')?.value.event;
      return event?.type === 'signalled' && event.signal.type === 'SiteLimitSet' ? limitSource(event.signal) : event;
    });
    expect(sources).toEqual([
      'operators',
      'bus: 1/dso',
      'site:leeds-retail-02',
      'bems-7',
      'operators',
      'demand response',
      'operators',
    ]);
  });

  it('of the bus tells whoever sent a signal that is none, and keeps nothing of it', async () => {
    const { records, told, stream, bus } = doors();
    const accept = acceptBusSignal({ stream, bus, clock: () => receivedAt, digest: () => 'abc' });
    await accept({
      source: 'app',
      account: '1',
      detailType: 'PrioritySet',
      detail: { siteId: 'A', id: 'p-1', priority: 99 },
    });
    expect([records, told.map(({ type }) => type)]).toEqual([[], ['SignalRejected']]);
    expect(told[0]?.detail).toMatchObject({ siteId: 'A', signalId: 'p-1', signal: 'PrioritySet' });
    expect(detailFaults('SignalRejected', told[0]?.detail as never)).toEqual([]);
  });

  it('of MQTT parks what is no JSON, and leaves frames of chargers to their own consumer', () => {
    const junk = { kind: 'signals', siteId: 'A', name: 'demand', payload: 'bm9wZQ==', clientId: 'x', receivedAt };
    expect(() => siteRecordOf('1', JSON.stringify(junk), '7')).toThrow('not JSON');
    expect(siteRecordOf('1', JSON.stringify({ kind: 'frame', stationId: 'S' }), '7')).toBe(undefined);
  });
});
