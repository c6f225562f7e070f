import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import { readOpenAdrServer } from '../../../domain/demand-response/openadr/openadr-server.ts';
import { activated, checked, ended } from '../../../domain/demand-response/signal-record.ts';
import type { ZoneStation } from '../../../domain/demand-response/zone-station.ts';
import type { PublishedEvent } from '../../../domain/events/published-event.ts';
import { pollOpenAdr, SILENT_MS } from '../../../use-cases/poll-openadr/poll-openadr.ts';
import { OpenAdrUnanswered } from '../../../use-cases/ports/demand-response/openadr-connection.ts';
import type { SiteRecord } from '../../../use-cases/ports/sites/site-record.ts';
import { restoreSignals } from '../../../use-cases/respond-to-demand/submit-signal.ts';
import { fakeOpenAdrCredentials, fakeOpenAdrStore, fakeVtn } from '../../fakes/openadr.ts';
import { fakePlanStore } from '../../fakes/plan-store.ts';
import { fakeSignalStore } from '../../fakes/signal-store.ts';

const noon = Date.parse('2026-07-01T12:00:00Z');
const hour = 3_600_000;
const minute = 60_000;
const iso = (at: number): string => new Date(at).toISOString();
const id = 'openadr/utility/e1/0/north';

const station = (stationId: string, loadW: number): ZoneStation => ({
  stationId,
  siteId: 'depot',
  loadW,
  floorW: 5_000,
  minimumW: 5_000,
  ratedW: 50_000,
  supply: { current: 'DC', voltageV: 230, phases: 3 },
  connectorKeys: ['1#1'],
  transactions: [],
});

const world = async (configured: object = {}) => {
  const clock = { now: noon };
  const vtn = fakeVtn();
  const store = fakeOpenAdrStore();
  const signals = fakeSignalStore();
  const plans = fakePlanStore();
  const started: string[] = [];
  const told: PublishedEvent[] = [];
  const siteSignals: object[] = [];
  vtn.programs.push({ id: 'p1', programName: 'peak' });
  await store.putServer(
    readOpenAdrServer({
      serverId: 'utility',
      url: 'https://vtn',
      version: '3.1',
      subscribes: true,
      programs: [
        {
          program: 'peak',
          places: [{ zoneId: 'north', siteIds: ['depot'] }],
          simpleKw: { '1': 10, '2': 20, '3': 30 },
          priceTiers: [{ from: 0, tier: 'ON_PEAK' }],
        },
      ],
      ...configured,
    }),
  );
  const ports = {
    store,
    signals,
    plans,
    connect: vtn.connect,
    credentials: fakeOpenAdrCredentials({ utility: { clientId: 'a', clientSecret: 'b', callbackToken: 'c' } }),
    callbackUrl: 'https://ours/',
    network: { stationsOf: async () => [station('A', 40_000), station('B', 20_000)] },
    workflows: {
      start: async (_: string, input: object) => {
        started.push(JSON.stringify(input));
        return 'started' as const;
      },
    },
    bus: {
      put: async (events: readonly PublishedEvent[]) => {
        told.push(...events);
        return [];
      },
    },
    stream: {
      put: async (records: readonly SiteRecord[]) => {
        for (const record of records)
          if (record.kind === 'signals') {
            const { version: _, time: __, ...said } = JSON.parse(Buffer.from(record.payload, 'base64').toString());
            siteSignals.push({ name: record.name, ...said });
          }
      },
    },
    digest: requestDigest,
    meterIntervalSec: 60,
    system: { clock: () => clock.now, sleep: async () => undefined, random: () => 0.5 },
  };
  const poll = pollOpenAdr(ports);
  /** An event of an hour from noon plus an hour on. */
  const put = (fields: object = {}, payloads: readonly object[] = [{ type: 'SIMPLE', values: [2] }]) =>
    vtn.events.splice(0, vtn.events.length, {
      id: 'e1',
      programID: 'p1',
      modificationDateTime: iso(noon - hour),
      intervalPeriod: { start: iso(noon + hour), duration: 'PT1H' },
      intervals: [{ id: 0, payloads }],
      ...fields,
    });
  const limited = (type: string, value: number) => [{ type, values: [value] }];
  return { clock, vtn, store, signals, started, told, siteSignals, ports, poll, put, limited };
};

const kwOf = (type: string) => ({ payloadDescriptors: [{ payloadType: type, units: 'KW' }] });

describe('polling an OpenADR server', () => {
  it('submits the signal of a new event once, however often it is fetched', async () => {
    const { poll, put, signals, started, clock } = await world();
    put();
    await poll();
    clock.now += minute;
    await poll();
    expect(signals.writes.map(({ signal }) => signal)).toEqual([
      {
        signalId: id,
        version: noon - hour,
        kind: 'zone-reduction',
        zoneId: 'north',
        reductionW: 20_000,
        type: 'CURTAIL',
        priority: 2,
        startAt: noon + hour,
        endAt: noon + 2 * hour,
        receivedAt: noon,
        by: 'openadr: utility',
      },
    ]);
    expect(started).toHaveLength(1);
  });

  it('submits all intervals of an event of two hundred within one look, and no second time', async () => {
    const { poll, put, signals, started, clock } = await world();
    put({
      intervalPeriod: { start: iso(noon + hour), duration: 'PT5M' },
      intervals: Array.from({ length: 200 }, (_, index) => ({
        id: index,
        payloads: [{ type: 'SIMPLE', values: [2] }],
      })),
    });
    await poll();
    expect(new Set(signals.writes.map(({ signal }) => signal.signalId)).size).toBe(200);
    expect(started).toHaveLength(200);
    clock.now += minute;
    await poll();
    expect(signals.writes).toHaveLength(200);
  });

  it('submits an update as a newer version, and leaves out an older one that comes late', async () => {
    const { poll, put, signals, store } = await world();
    put();
    await poll();
    put({ modificationDateTime: iso(noon) }, [{ type: 'SIMPLE', values: [3] }]);
    await poll();
    put({ modificationDateTime: iso(noon - 2 * hour) });
    await poll();
    const record = await signals.load(id);
    expect(record?.signal).toMatchObject({ version: noon, type: 'SHED', reductionW: 30_000 });
    expect(signals.writes).toHaveLength(2);
    expect((await store.events('utility')).map(({ event }) => event.version)).toEqual([noon]);
  });

  it('restores what an update no longer asks for', async () => {
    const { poll, put, signals } = await world();
    put();
    await poll();
    put({ modificationDateTime: iso(noon) }, [{ type: 'SIMPLE', values: [0] }]);
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'restoring', restoredWhy: 'The event was changed' });
  });

  it('restores the signals of an event that vanished, and submits them anew when it is back', async () => {
    const { poll, put, signals, vtn, store } = await world();
    put();
    await poll();
    vtn.events.length = 0;
    await poll();
    const record = await signals.load(id);
    expect(record).toMatchObject({ state: 'restoring', restoredBy: 'openadr: utility' });
    expect(await store.events('utility')).toEqual([]);
    if (record !== undefined) await signals.commit(ended(record, 'cancelled', noon), record.rev);
    put();
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { version: noon - hour + 1 } });
  });

  it('submits them anew at once when it is back while their limits are still being lifted', async () => {
    const { poll, put, signals, vtn, clock } = await world();
    put();
    await poll();
    clock.now = noon + hour + 20 * minute;
    vtn.events.length = 0;
    await poll();
    clock.now += minute;
    put();
    await poll();
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { version: noon - hour + 1 } });
    expect(signals.writes).toHaveLength(3);
  });

  it('lets a signal that chance moved run to its end when its event, once over, is gone, and ends it when gone before', async () => {
    const { poll, put, signals, clock, vtn } = await world();
    const later = {
      id: 'event-a',
      intervalPeriod: { start: iso(noon + hour), duration: 'PT1H', randomizeStart: 'PT10M' },
    };
    const goneAt = async (at: number) => {
      put({ ...later, modificationDateTime: iso(clock.now) });
      await poll();
      clock.now = at;
      vtn.events.splice(0);
      await poll();
      const record = await signals.load('openadr/utility/event-a/0/north');
      return [record !== undefined && record.signal.endAt > noon + 2 * hour, record?.state];
    };
    expect(await goneAt(noon + 2 * hour - 1)).toEqual([true, 'restoring']);
    const record = await signals.load('openadr/utility/event-a/0/north');
    if (record !== undefined) await signals.commit(ended(record, 'cancelled', clock.now), record.rev);
    expect(await goneAt(noon + 2 * hour)).toEqual([true, 'waiting']);
  });

  it('submits two reductions of one interval, and keeps both', async () => {
    const { poll, put, signals, told, clock } = await world();
    const units = { payloadDescriptors: [{ payloadType: 'DISPATCH_SETPOINT_RELATIVE', units: 'KW' }] };
    put(units, [
      { type: 'SIMPLE', values: [2] },
      { type: 'DISPATCH_SETPOINT_RELATIVE', values: [15] },
    ]);
    await poll();
    clock.now += minute;
    await poll();
    const open = (await signals.open()).map(({ signal, state }) => [signal.signalId, state]);
    expect(open.toSorted()).toEqual([
      [id, 'waiting'],
      ['openadr/utility/e1/0p1/north', 'waiting'],
    ]);
    expect(told).toEqual([]);
  });

  it('ends nothing while the server does not answer, and tells why', async () => {
    const { poll, put, signals, vtn, store } = await world();
    put();
    await poll();
    vtn.state.problem = 'GET /events answered 503';
    expect(await poll()).toMatchObject({ events: 1, problems: ['utility: GET /events answered 503'] });
    expect(await signals.load(id)).toMatchObject({ state: 'waiting' });
    expect(await store.state('utility')).toMatchObject({ answeredAt: noon, problem: 'GET /events answered 503' });
  });

  it('ends nothing of an event whose new version cannot be read, and takes the next one that can', async () => {
    const { poll, put, signals, told } = await world();
    put();
    await poll();
    put({ modificationDateTime: iso(noon - minute), intervals: [{ id: 0, payloads: [{ values: [2] }] }] });
    expect(await poll()).toMatchObject({ events: 1 });
    expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { version: noon - hour } });
    expect(told).toHaveLength(1);
    put({ modificationDateTime: iso(noon) });
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { version: noon } });
  });

  it('ends nothing of a program that one answer lacks, and what is gone when it is there again', async () => {
    const { poll, put, signals, vtn } = await world();
    put();
    await poll();
    const programs = vtn.programs.splice(0);
    expect(await poll()).toMatchObject({ events: 1, problems: ['utility: The server has no program peak'] });
    expect(await signals.load(id)).toMatchObject({ state: 'waiting' });
    vtn.programs.push(...programs);
    vtn.events.length = 0;
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'restoring', restoredWhy: 'The event was cancelled' });
  });

  it('tells a server without a credential, or without the program, as a problem', async () => {
    const { poll, ports, vtn } = await world();
    vtn.programs.length = 0;
    expect((await poll()).problems).toEqual(['utility: The server has no program peak']);
    const { problems } = await pollOpenAdr({ ...ports, credentials: fakeOpenAdrCredentials() })();
    expect(problems).toEqual([expect.stringContaining('There is no credential')]);
  });

  it('does not begin again a signal that an operator cancelled', async () => {
    const { poll, put, signals, ports } = await world();
    put();
    await poll();
    await restoreSignals(ports)({ kind: 'signals', signalIds: [id], receivedAt: noon, by: 'operator' });
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'restoring', restoredBy: 'operator' });
  });

  describe('after an operator cancelled its signal', () => {
    const cancelled = async (payloads?: readonly object[]) => {
      const known = await world();
      const { clock, poll, put, signals, ports } = known;
      put(kwOf('DISPATCH_SETPOINT'), payloads);
      clock.now = noon + hour - minute;
      await poll();
      clock.now = noon + hour + 5 * minute;
      await restoreSignals(ports)({ kind: 'signals', signalIds: [id], receivedAt: clock.now, by: 'operator' });
      const record = await signals.load(id);
      clock.now += 16 * minute;
      if (record !== undefined) await signals.commit(ended(record, 'cancelled', clock.now), record.rev);
      return known;
    };

    it.each([
      ['an event that asks the same', undefined],
      [
        'one that names a load to come down to, whatever is drawn by then',
        [{ type: 'DISPATCH_SETPOINT', values: [45] }],
      ],
    ])('leaves %s cancelled when it is changed otherwise, or gone and back', async (_, payloads) => {
      const { clock, poll, put, signals, vtn, ports } = await cancelled(payloads);
      ports.network.stationsOf = async () => [station('A', 90_000)];
      const fields = { ...kwOf('DISPATCH_SETPOINT'), eventName: 'renamed', modificationDateTime: iso(clock.now) };
      put(fields, payloads);
      await poll();
      vtn.events.length = 0;
      await poll();
      put(fields, payloads);
      await poll();
      expect(await signals.load(id)).toMatchObject({ state: 'ended', restoredBy: 'operator' });
    });

    it('begins again when the event asks something else', async () => {
      const { clock, poll, put, signals } = await cancelled();
      put({ modificationDateTime: iso(clock.now) }, [{ type: 'SIMPLE', values: [1] }]);
      await poll();
      expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { reductionW: 10_000 } });
    });
  });

  it('makes good what came between the signal and the note that it is submitted', async () => {
    const { poll, put, ports, signals, started } = await world();
    put();
    const broken = { ...ports.store, putEvent: () => Promise.reject(new Error('Throttled')) };
    await expect(pollOpenAdr({ ...ports, store: broken })()).rejects.toThrow('Throttled');
    await poll();
    expect(signals.writes).toHaveLength(1);
    expect(new Set(started).size).toBe(1);
  });

  it('turns a load to come down to into a reduction shortly before it begins, and not before', async () => {
    const { poll, put, limited, signals, clock } = await world();
    put(kwOf('DISPATCH_SETPOINT'), limited('DISPATCH_SETPOINT', 45));
    await poll();
    expect(signals.writes).toEqual([]);
    clock.now = noon + hour - minute;
    await poll();
    expect(await signals.load(id)).toMatchObject({ signal: { reductionW: 15_000 } });
  });

  it('pauses a zone in which nobody charges when it begins, too, for those who come', async () => {
    const { poll, put, signals, clock, ports } = await world();
    ports.network.stationsOf = async () => [station('A', 0)];
    put({}, [{ type: 'ALERT_BLACK_START', values: ['now'] }]);
    clock.now = noon + hour - minute;
    await poll();
    expect(await signals.load(id)).toMatchObject({ signal: { type: 'SHED', priority: 1, reductionW: 10 } });
  });

  it('holds a load to come down to against the frozen baseline while a signal runs in the zone', async () => {
    const { poll, put, limited, signals, ports, clock } = await world();
    const plan = await ports.plans.load('north');
    const running = {
      signalId: 'x',
      version: 1,
      type: 'CURTAIL',
      priority: 2,
      targetW: 1,
      endAt: noon + 9 * hour,
    } as const;
    const stations = [station('A', 100_000), station('B', 20_000)].map(({ loadW: baselineW = 0, ...frozen }) => ({
      ...frozen,
      ...{ baselineW, shedW: 0, capW: baselineW },
    }));
    await ports.plans.commit({ ...plan, rev: 1, signals: [running], stations }, 0);
    put(kwOf('DISPATCH_SETPOINT'), limited('DISPATCH_SETPOINT', 45));
    clock.now = noon + hour - minute;
    await poll();
    expect(await signals.load(id)).toMatchObject({ signal: { reductionW: 75_000 } });
  });

  it('holds a load to come down to against the known baseline of a station that still returns', async () => {
    const { poll, put, limited, signals, ports, clock } = await world();
    const plan = await ports.plans.load('north');
    clock.now = noon + hour - minute;
    const { loadW: baselineW = 0, ...frozen } = station('A', 100_000);
    const sent = { capW: 1_000, endAt: clock.now - minute, answer: 'accepted', at: noon } as const;
    const stations = [{ ...frozen, baselineW, shedW: 0, capW: baselineW, sent }];
    await ports.plans.commit({ ...plan, rev: 1, stations }, 0);
    put(kwOf('DISPATCH_SETPOINT'), limited('DISPATCH_SETPOINT', 45));
    await poll();
    expect(await signals.load(id)).toMatchObject({ signal: { reductionW: 75_000 } });
  });

  it('refuses what it does not act on, once per event, with the reason', async () => {
    const { poll, put, told, clock } = await world();
    put({}, [{ type: 'DISPATCH_SETPOINT', values: [5] }]);
    await poll();
    clock.now += minute;
    await poll();
    expect(told.map(({ type, detail }) => [type, detail.by, detail.reason])).toEqual([
      ['DemandResponseRefused', 'openadr: utility', 'DISPATCH_SETPOINT names no unit: W, KW or MW'],
    ]);
  });

  it('refuses an event that cannot be read, once, and follows the others', async () => {
    const { poll, put, told, vtn, signals } = await world();
    put();
    vtn.events.push({ id: '../../x', programID: 'p1' });
    await poll();
    await poll();
    expect(told.map(({ detail }) => detail.reason)).toEqual(['id is unusable: ../../x']);
    expect(signals.writes).toHaveLength(1);
  });

  it('asks to be notified of each program once', async () => {
    const { poll, vtn, ports } = await world();
    await poll();
    const { callbackUrl: _, ...behindTheAddress } = ports;
    await pollOpenAdr(behindTheAddress)('utility');
    await poll();
    expect(vtn.subscribed).toEqual(['p1 https://ours/utility']);
  });

  it('follows the events of a server that refuses to notify us, and says so', async () => {
    const { put, vtn, ports, store, signals } = await world();
    const subscribe = () => Promise.reject(new OpenAdrUnanswered('POST /subscriptions answered 501'));
    put();
    const poll = pollOpenAdr({ ...ports, connect: (...server) => ({ ...vtn.connect(...server), subscribe }) });
    expect((await poll()).problems).toEqual(['utility: POST /subscriptions answered 501']);
    expect(await signals.load(id)).toMatchObject({ state: 'waiting' });
    expect(await store.state('utility')).toMatchObject({ answeredAt: noon });
    await pollOpenAdr(ports)();
    expect(vtn.subscribed).toEqual(['p1 https://ours/utility']);
  });

  it('follows the events of one program while the server refuses those of another, which go on as they are known', async () => {
    const { put, vtn, ports, signals, store, clock } = await world();
    vtn.programs.push({ id: 'p2', programName: 'other' });
    const [server] = await store.servers();
    const [peak] = server?.programs ?? [];
    if (server && peak) await store.putServer({ ...server, programs: [{ ...peak, program: 'other' }, peak] });
    put();
    vtn.events.push(...vtn.events.map((event) => ({ ...event, id: 'e2', programID: 'p2' })));
    await pollOpenAdr(ports)();
    const connect: typeof vtn.connect = (...args) => {
      const connection = vtn.connect(...args);
      const events: typeof connection.events = async (programId) => {
        if (programId === 'p2') throw new OpenAdrUnanswered('GET /events answered 403');
        return connection.events(programId);
      };
      return { ...connection, events };
    };
    put({ modificationDateTime: iso(noon) }, [{ type: 'SIMPLE', values: [1] }]);
    clock.now += minute;
    expect((await pollOpenAdr({ ...ports, connect })()).problems).toEqual(['utility: GET /events answered 403']);
    expect(await signals.load(id)).toMatchObject({ state: 'waiting', signal: { reductionW: 10_000 } });
    expect(await signals.load('openadr/utility/e2/0/north')).toMatchObject({ state: 'waiting' });
    expect(await store.state('utility')).toMatchObject({ answeredAt: noon + minute, unheard: { other: noon } });
  });

  it('keeps no more of an event that repeats every day than its last and next signals', async () => {
    const { poll, put, store, clock, signals } = await world();
    put({ intervalPeriod: { start: iso(noon), duration: 'P1D' }, duration: 'P9999Y' });
    for (let day = 0; day < 30; day++) {
      await poll();
      clock.now += 24 * hour;
    }
    const [known] = await store.events('utility');
    expect(signals.writes).toHaveLength(31);
    expect(known?.settled).toHaveLength(2);
    expect(known?.submitted).toHaveLength(12);
  });

  it('looks at the server that notified us alone', async () => {
    const { poll, store, put } = await world();
    put();
    const [server] = await store.servers();
    if (server) await store.putServer({ ...server, serverId: 'other' });
    expect(await poll('utility')).toMatchObject({ servers: 1, events: 1, problems: [] });
  });

  it('ends the signals of a server that was removed, and forgets it', async () => {
    const { poll, put, store, signals } = await world();
    put();
    await poll();
    const [server] = await store.servers();
    if (server) await store.putServer({ ...server, programs: [] });
    await poll();
    expect(await signals.load(id)).toMatchObject({ state: 'restoring' });
    expect(await store.servers()).toEqual([]);
  });
});

describe('the sites of an OpenADR server', () => {
  const limit = async (...parts: readonly (readonly [type: string, kw: number])[]) => {
    const one = await world();
    one.put(
      { payloadDescriptors: parts.map(([payloadType]) => ({ payloadType, units: 'KW' })) },
      parts.map(([type, value]) => ({ type, values: [value] })),
    );
    return one;
  };

  it('are told an import limit when it begins, once, and that it is taken back when it ends', async () => {
    const { poll, clock, siteSignals } = await limit(['IMPORT_CAPACITY_LIMIT', 40]);
    await poll();
    expect(siteSignals).toEqual([]);
    for (const at of [noon + hour, noon + 1.5 * hour, noon + 2 * hour]) {
      clock.now = at;
      await poll();
    }
    expect(siteSignals).toEqual([
      { name: 'SiteLimitSet', siteId: 'depot', scope: 'site', limitW: 40_000 },
      { name: 'SiteLimitSet', siteId: 'depot', scope: 'site' },
    ]);
  });

  it('come back to what is subscribed and reserved when the server is silent', async () => {
    const { poll, clock, siteSignals, vtn } = await limit(
      ['IMPORT_CAPACITY_LIMIT', 40],
      ['IMPORT_CAPACITY_SUBSCRIPTION', 100],
      ['IMPORT_CAPACITY_RESERVATION', 20],
    );
    clock.now = noon + hour;
    await poll();
    vtn.state.problem = 'no route';
    clock.now += SILENT_MS;
    await poll();
    clock.now += minute;
    await poll();
    expect(siteSignals.map((one) => 'limitW' in one && one.limitW)).toEqual([40_000, 120_000]);
  });

  it('keep the limit of one program when the server is silent about another for long, whose limit ends', async () => {
    const { poll, put, vtn, ports, store, clock, siteSignals } = await world();
    const [server] = await store.servers();
    const [peak] = server?.programs ?? [];
    if (server && peak) await store.putServer({ ...server, programs: [peak, { ...peak, program: 'other' }] });
    vtn.programs.push({ id: 'p2', programName: 'other' });
    const limits = (limitKw: number) => [{ id: 0, payloads: [{ type: 'IMPORT_CAPACITY_LIMIT', values: [limitKw] }] }];
    put({ ...kwOf('IMPORT_CAPACITY_LIMIT'), intervals: limits(40) });
    const [event] = vtn.events;
    if (event) vtn.events.push({ ...event, id: 'e2', programID: 'p2', intervals: limits(30) });
    clock.now = noon + hour;
    await poll();
    const connect: typeof vtn.connect = (...args) => {
      const connection = vtn.connect(...args);
      const refused = () => Promise.reject(new OpenAdrUnanswered('GET /events answered 403'));
      return { ...connection, events: (programId) => (programId === 'p2' ? refused() : connection.events(programId)) };
    };
    for (const waitMs of [minute, SILENT_MS - minute, minute]) {
      clock.now += waitMs;
      await pollOpenAdr({ ...ports, connect })();
    }
    expect(siteSignals.map((one) => 'limitW' in one && one.limitW)).toEqual([30_000, 40_000]);
  });

  it('come back to what is subscribed when the server has not named the program of the limit for long', async () => {
    const { poll, put, vtn, store, clock, siteSignals } = await world();
    const [server] = await store.servers();
    const [peak] = server?.programs ?? [];
    if (server && peak) await store.putServer({ ...server, programs: [peak, { ...peak, program: 'other' }] });
    vtn.programs.push({ id: 'p2', programName: 'other' });
    const asking = (payloadType: string, value: number) => ({
      payloadDescriptors: [{ payloadType, units: 'KW' }],
      intervalPeriod: { start: iso(noon), duration: 'P9999Y' },
      intervals: [{ id: 0, payloads: [{ type: payloadType, values: [value] }] }],
    });
    put(asking('IMPORT_CAPACITY_SUBSCRIPTION', 100));
    const [event] = vtn.events;
    if (event) vtn.events.push({ ...event, id: 'e2', programID: 'p2', ...asking('IMPORT_CAPACITY_LIMIT', 40) });
    await poll();
    vtn.programs.splice(1);
    for (const waitMs of [minute, SILENT_MS - minute, minute]) {
      clock.now += waitMs;
      await poll();
    }
    expect(siteSignals.map((one) => 'limitW' in one && one.limitW)).toEqual([40_000, 100_000]);
  });

  it('keep what one program reserves on top of what another subscribes when the server is silent about the one', async () => {
    const { put, vtn, ports, store, clock, siteSignals } = await world();
    const [server] = await store.servers();
    const [peak] = server?.programs ?? [];
    if (server && peak) await store.putServer({ ...server, programs: [peak, { ...peak, program: 'other' }] });
    vtn.programs.push({ id: 'p2', programName: 'other' });
    const asking = (payloadType: string, value: number) => ({
      payloadDescriptors: [{ payloadType, units: 'KW' }],
      intervals: [{ id: 0, payloads: [{ type: payloadType, values: [value] }] }],
    });
    put(asking('IMPORT_CAPACITY_SUBSCRIPTION', 100));
    const [event] = vtn.events;
    if (event) vtn.events.push({ ...event, id: 'e2', programID: 'p2', ...asking('IMPORT_CAPACITY_RESERVATION', 20) });
    const connect: typeof vtn.connect = (...args) => {
      const connection = vtn.connect(...args);
      const refused = () => Promise.reject(new OpenAdrUnanswered('GET /events answered 403'));
      return { ...connection, events: (programId) => (programId === 'p2' ? refused() : connection.events(programId)) };
    };
    clock.now = noon + hour;
    await pollOpenAdr(ports)();
    for (const waitMs of [minute, SILENT_MS, minute]) {
      clock.now += waitMs;
      await pollOpenAdr({ ...ports, connect })();
    }
    expect(siteSignals.map((one) => 'limitW' in one && one.limitW)).toEqual([120_000]);
  });

  it('are told price tiers, and that they are taken back with their event', async () => {
    const { poll, put, vtn, siteSignals } = await world();
    put({}, [{ type: 'PRICE', values: [0.2] }]);
    await poll();
    await poll();
    vtn.events.length = 0;
    await poll();
    expect(siteSignals).toEqual([
      {
        name: 'PricesPublished',
        siteId: 'depot',
        prices: [{ tier: 'ON_PEAK', from: iso(noon + hour), to: iso(noon + 2 * hour) }],
      },
      {
        name: 'PricesPublished',
        siteId: 'depot',
        prices: [{ tier: 'OFF_PEAK', from: iso(noon), to: iso(noon + 1_000) }],
      },
    ]);
  });
});

describe('reports to an OpenADR server', () => {
  const asked = {
    reportDescriptors: ['DEMAND', 'BASELINE', 'OPERATING_STATE', 'LOAD_SHED_DELTA_AVAILABLE', 'USAGE'].map(
      (payloadType) => ({ payloadType }),
    ),
  };
  const figures = {
    baselineW: 60_000,
    askedW: 20_000,
    plannedW: 20_000,
    shortfallW: 0,
    stationCount: 2,
    unknownCount: 0,
  };

  it('tell what the event asked for, and are replaced by the next check', async () => {
    const { poll, put, signals, vtn, clock } = await world();
    put(asked);
    await poll();
    await poll();
    const telling = (demandKw: number, baselineKw: number, state: string) => {
      const payloads = [
        { type: 'DEMAND', values: [demandKw] },
        { type: 'BASELINE', values: [baselineKw] },
        { type: 'OPERATING_STATE', values: [state] },
        { type: 'LOAD_SHED_DELTA_AVAILABLE', values: [50] },
      ];
      const resources = [{ resourceName: 'AGGREGATED_REPORT', intervals: [{ id: 0, payloads }] }];
      return [['report-1', expect.objectContaining({ resources: [expect.objectContaining(resources[0])] })]];
    };
    expect([...vtn.reports]).toEqual(telling(0, 0, 'RUNNING_NORMAL'));
    clock.now = noon + hour + minute;
    const record = await signals.load(id);
    if (record === undefined) throw new Error('The signal is there');
    const running = activated(record, figures, noon + hour);
    await signals.commit(running, record.rev);
    const check = { at: noon + hour + 30_000, deliveredW: 18_000, plannedW: 20_000, nonResponsiveCount: 0 };
    await signals.commit(checked(running, check, 0), running.rev);
    await poll();
    expect([...vtn.reports]).toEqual(telling(42, 60, 'RUNNING_CURTAILED'));
  });

  it('are in the unit that is asked for, and what cannot be reported is refused with the reason', async () => {
    const { poll, put, vtn, told } = await world();
    const reportDescriptors = [
      { payloadType: 'LOAD_SHED_DELTA_AVAILABLE', units: 'W' },
      { payloadType: 'DEMAND', units: 'KVA' },
      { payloadType: 'BASELINE', readingType: 'MEAN' },
      { payloadType: 'OPERATING_STATE', historical: false },
      { payloadType: 'USAGE' },
      { payLoadType: 'DEMAND' },
    ];
    put({ reportDescriptors });
    await poll();
    await poll();
    expect(vtn.reports.get('report-1')).toMatchObject({
      payloadDescriptors: [{ payloadType: 'LOAD_SHED_DELTA_AVAILABLE', units: 'W' }],
      resources: [{ intervals: [{ payloads: [{ type: 'LOAD_SHED_DELTA_AVAILABLE', values: [50_000] }] }] }],
    });
    expect(told.map(({ detail }) => detail.reason)).toEqual([
      'A report of DEMAND in KVA is not known here',
      'A report of BASELINE as MEAN is not known here',
      'A forecast of OPERATING_STATE is not known here',
      'A report of USAGE is not known here',
      'A report without a payloadType is not known here',
    ]);
  });

  it('are sent of every event, also where the server refuses the one of another', async () => {
    const { put, vtn, ports } = await world();
    put(asked);
    vtn.events.push(...vtn.events.map((event) => ({ ...event, id: 'e2' })));
    const connect: typeof vtn.connect = (...server) => {
      const connection = vtn.connect(...server);
      const report: typeof connection.report = async (content, reportId) => {
        if (content.eventID === 'e1') throw new OpenAdrUnanswered('POST /reports answered 409');
        return connection.report(content, reportId);
      };
      return { ...connection, report };
    };
    const figures = await pollOpenAdr({ ...ports, connect })();
    expect(figures).toMatchObject({ reports: 1, problems: ['utility: POST /reports answered 409'] });
    expect([...vtn.reports.values()]).toMatchObject([{ eventID: 'e2' }]);
  });

  it('name the program for 3.0, which wants it, and are sent only where they are asked for', async () => {
    const { poll, put, vtn } = await world({ version: '3.0' });
    put();
    await poll();
    expect(vtn.reports.size).toBe(0);
    put({ ...asked, modificationDateTime: iso(noon) });
    await poll();
    expect(vtn.reports.get('report-1')).toMatchObject({ programID: 'p1', eventID: 'e1', clientName: 'wattstream' });
  });
});
