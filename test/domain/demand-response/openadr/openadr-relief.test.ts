import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOpenAdrEvent, readOpenAdrProgram } from '../../../../domain/demand-response/openadr/openadr-event.ts';
import { openAdrRelief } from '../../../../domain/demand-response/openadr/openadr-relief.ts';
import { readOpenAdrServer } from '../../../../domain/demand-response/openadr/openadr-server.ts';
import { siteImportLimitW } from '../../../../domain/demand-response/openadr/site-import-limit-w.ts';
import { siteTierSpans } from '../../../../domain/demand-response/openadr/site-tier-spans.ts';
import { Rejected } from '../../../../domain/kernel/rejected.ts';

const noon = Date.parse('2026-07-01T12:00:00Z');
const hour = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

const server = readOpenAdrServer({
  serverId: 'utility',
  url: 'https://vtn.example.com/openadr3/3.1.0/',
  version: '3.1',
  programs: [
    {
      program: 'peak',
      places: [
        { zoneId: 'north', siteIds: ['depot'] },
        { target: 'group-south', zoneId: 'south' },
        { target: 'both-sites', siteIds: ['depot', 'mall'] },
      ],
      simpleKw: { '1': 100, '2': 200, '3': 400 },
      alertKw: { emergency: 500, flex: 50 },
      levelOffsetsKw: { '1': 10 },
      priceTiers: [
        { from: 0, tier: 'OFF_PEAK' },
        { from: 0.3, tier: 'ON_PEAK' },
      ],
    },
  ],
});
const [program] = server.programs;
if (program === undefined) throw new Error('The server has a program');

const event = (fields: object, payloads: readonly object[] = [{ type: 'SIMPLE', values: [2] }]) =>
  readOpenAdrEvent({
    id: 'e1',
    programID: 'p1',
    modificationDateTime: '2026-07-01T10:00:00Z',
    intervalPeriod: { start: iso(noon + hour), duration: 'PT1H' },
    intervals: [{ id: 0, payloads }],
    ...fields,
  });

const reliefOf = (fields: object, payloads?: readonly object[], seen: { now?: number; seenAt?: number } = {}) =>
  openAdrRelief(event(fields, payloads), program, { serverId: 'utility', seenAt: noon, now: noon, ...seen });
const kw = (type: string, value: number) => ({
  payloadDescriptors: [{ payloadType: type, units: 'KW' }],
  intervals: [{ id: 0, payloads: [{ type, values: [value] }] }],
});

describe('an event of OpenADR 3', () => {
  it('becomes a signal in the zone of its place', () => {
    expect(reliefOf({})).toEqual({
      signals: [
        {
          signalId: 'openadr/utility/e1/0/north',
          type: 'CURTAIL',
          priority: 2,
          startAt: noon + hour,
          endAt: noon + 2 * hour,
          place: { kind: 'zone', zoneId: 'north' },
          ask: { kind: 'reduction', reductionW: 200_000 },
        },
      ],
      limits: [],
      tiers: [],
      refusals: [],
    });
  });

  it('finds its places by plain targets of 3.1 and typed ones of 3.0, and is for others when none is ours', () => {
    const zones = (targets: unknown) =>
      reliefOf({ targets }).signals.map(({ place }) => (place.kind === 'zone' ? place.zoneId : place.siteId));
    expect(zones(['group-south'])).toEqual(['south']);
    expect(zones([{ type: 'GROUP', values: ['group-south'] }])).toEqual(['south']);
    expect(zones([{ type: 'VEN_NAME', values: ['wattstream'] }])).toEqual(['north']);
    expect(zones(['somebody-else'])).toEqual([]);
    expect(zones(null)).toEqual(['north']);
  });

  it('is a signal for each interval, one after the other, and begins when it is first seen at 0001-01-01', () => {
    const { signals } = reliefOf(
      {
        intervalPeriod: { start: '0001-01-01T00:00:00Z', duration: 'PT30M' },
        intervals: [1, 3].map((level, id) => ({ id, payloads: [{ type: 'SIMPLE', values: [level] }] })),
      },
      undefined,
      { seenAt: noon, now: noon + 60_000 },
    );
    expect(signals.map(({ signalId, startAt, endAt, type }) => ({ signalId, startAt, endAt, type }))).toEqual([
      { signalId: 'openadr/utility/e1/0/north', startAt: noon, endAt: noon + hour / 2, type: 'CURTAIL' },
      { signalId: 'openadr/utility/e1/1/north', startAt: noon + hour / 2, endAt: noon + hour, type: 'SHED' },
    ]);
  });

  it('is a signal for each payload of an interval that asks a reduction, the first under the id of its interval', () => {
    const flex = { type: 'ALERT_FLEX_ALERT', values: ['save energy'] };
    const asked = (payloads: readonly object[]) =>
      reliefOf({}, payloads).signals.map(({ signalId, priority, ask }) => ({ signalId, priority, ask }));
    const simple = { type: 'SIMPLE', values: [2] };
    const first = 'openadr/utility/e1/0/north';
    const of = (signalId: string, priority: number, reductionW: number) => ({
      ...{ signalId, priority },
      ask: { kind: 'reduction', reductionW },
    });
    expect(asked([simple, flex])).toEqual([of(first, 2, 200_000), of('openadr/utility/e1/0p1/north', 3, 50_000)]);
    expect(asked([{ type: 'PRICE', values: [0.1] }, flex])).toEqual([of(first, 3, 50_000)]);
    expect(asked([{ type: 'SIMPLE', values: [0] }, flex])).toEqual([of(first, 3, 50_000)]);
  });

  it('repeats in loops, two days ahead, under ids that stay as time passes', () => {
    const daily = { intervalPeriod: { start: iso(noon), duration: 'P1D' }, duration: 'P9999Y' };
    const ids = (now: number) => reliefOf(daily, undefined, { now }).signals.map(({ signalId }) => signalId);
    expect(ids(noon)).toEqual(['openadr/utility/e1/0/north', 'openadr/utility/e1/1/north']);
    expect(ids(noon + 30 * hour)).toEqual([
      'openadr/utility/e1/1/north',
      'openadr/utility/e1/2/north',
      'openadr/utility/e1/3/north',
    ]);
  });

  it('is refused in part where it has too many intervals, also where most are over', () => {
    const everyMs = { intervalPeriod: { start: iso(noon - 30 * 24 * hour), duration: 'PT0.001S' }, duration: 'P9999Y' };
    const { signals, refusals } = reliefOf(everyMs);
    expect([signals, refusals]).toEqual([[], ['The event has more than 500 intervals within two days']]);
  });

  it('is moved by chance as a whole, by at most its randomizeStart, and not when it voids floors', () => {
    const moved = (level: number) => {
      const [signal] = reliefOf(
        { intervalPeriod: { start: iso(noon + hour), duration: 'PT1H', randomizeStart: 'PT10M' } },
        [{ type: 'SIMPLE', values: [level] }],
      ).signals;
      return signal && { byMs: signal.startAt - noon - hour, lastsMs: signal.endAt - signal.startAt };
    };
    const { byMs = 0, lastsMs } = moved(2) ?? {};
    expect(Math.abs(byMs)).toBeGreaterThan(0);
    expect(Math.abs(byMs)).toBeLessThanOrEqual(600_000);
    expect(lastsMs).toBe(hour);
    expect(moved(2)).toEqual({ byMs, lastsMs });
    expect(moved(3)).toEqual({ byMs: 0, lastsMs: hour });
  });

  it.each([{}, { randomizeStart: 'PT0S' }])(
    'is moved with the intervals before it, where these alone say by how much: %o',
    (own) => {
      const payloads = [{ type: 'SIMPLE', values: [2] }];
      const { signals } = reliefOf({
        intervalPeriod: undefined,
        intervals: [
          {
            id: 0,
            payloads,
            intervalPeriod: { start: iso(noon + hour), duration: 'PT1H', randomizeStart: 'PT10M' },
          },
          { id: 1, payloads, intervalPeriod: { start: '0001-01-01T00:00:00', duration: 'PT1H', ...own } },
        ],
      });
      const [first, second] = signals;
      expect(first?.startAt).not.toBe(noon + hour);
      expect(second?.startAt).toBe(first?.endAt);
    },
  );

  it('is not moved with the intervals before it where it names its own instant', () => {
    const payloads = [{ type: 'SIMPLE', values: [2] }];
    const at = (hours: number, fields: object = {}) => ({
      start: iso(noon + hours * hour),
      duration: 'PT1H',
      ...fields,
    });
    const startOf = (intervalPeriod: object | undefined) =>
      reliefOf({
        intervalPeriod,
        intervals: [
          { id: 0, payloads, intervalPeriod: at(1, { randomizeStart: 'PT10M' }) },
          { id: 1, payloads, intervalPeriod: at(5) },
        ],
      }).signals[1]?.startAt;
    expect(startOf(undefined)).toBe(noon + 5 * hour);
    expect(startOf({ randomizeStart: 'PT0S' })).toBe(noon + 5 * hour);
    expect(startOf({ randomizeStart: 'PT10M' })).not.toBe(noon + 5 * hour);
  });

  it('asks nothing more once an interval is over, nor while SIMPLE is 0', () => {
    expect(reliefOf({}, undefined, { now: noon + 3 * hour }).signals).toEqual([]);
    expect(reliefOf({}, [{ type: 'SIMPLE', values: [0] }]).signals).toEqual([]);
  });

  it('is cut into weeks where it has no end', () => {
    const endless = { intervalPeriod: { start: iso(noon - 6.5 * 24 * hour), duration: 'P9999Y' } };
    const spans = reliefOf(endless).signals.map(({ signalId, startAt, endAt }) => [signalId, (endAt - startAt) / hour]);
    expect(spans).toEqual([
      ['openadr/utility/e1/0/north', 168],
      ['openadr/utility/e1/0.1/north', 168],
    ]);
  });

  it.each([
    ['DISPATCH_SETPOINT', kw('DISPATCH_SETPOINT', 80), { kind: 'down-to', loadW: 80_000 }],
    ['DISPATCH_SETPOINT_RELATIVE', kw('DISPATCH_SETPOINT_RELATIVE', 30), { kind: 'reduction', reductionW: 30_000 }],
    [
      'CONTROL_LEVEL_OFFSET',
      { intervals: [{ id: 0, payloads: [{ type: 'CONTROL_LEVEL_OFFSET', values: [1] }] }] },
      { kind: 'reduction', reductionW: 10_000 },
    ],
    [
      'CONTROL_LEVEL_OFFSET_PERCENT',
      { intervals: [{ id: 0, payloads: [{ type: 'CONTROL_LEVEL_OFFSET_PERCENT', values: [20] }] }] },
      { kind: 'share', percent: 20 },
    ],
    [
      'ALERT_BLACK_START',
      { intervals: [{ id: 0, payloads: [{ type: 'ALERT_BLACK_START', values: ['stop'] }] }] },
      { kind: 'down-to', loadW: 0 },
    ],
  ])('asks by %s', (_, fields, ask) => {
    expect(reliefOf(fields).signals.map((signal) => signal.ask)).toEqual([ask]);
  });

  it('asks a share of sites where its place names no zone', () => {
    const payloads = [{ type: 'CONTROL_LEVEL_OFFSET_PERCENT', values: [20] }];
    expect(reliefOf({ targets: ['both-sites'] }, payloads).signals.map(({ place }) => place)).toEqual([
      { kind: 'site', siteId: 'depot' },
      { kind: 'site', siteId: 'mall' },
    ]);
  });

  it.each([
    ['power without a unit', {}, [{ type: 'DISPATCH_SETPOINT', values: [5] }], /names no unit/],
    ['a type nobody acts on', {}, [{ type: 'VOODOO', values: [] }], /not acted on/],
    [
      'kW of a place without a zone',
      { targets: ['both-sites'] },
      [{ type: 'SIMPLE', values: [1] }],
      /place names none/,
    ],
    ['one limit for two sites', { targets: ['both-sites'], ...kw('IMPORT_CAPACITY_LIMIT', 5) }, [], /names 2/],
    ['a duration that is none', { intervalPeriod: { start: iso(noon), duration: 'an hour' } }, undefined, /duration/],
    [
      'more intervals than a schedule has',
      { intervalPeriod: { start: iso(noon), duration: 'PT1M' }, duration: 'P1D' },
      undefined,
      /more than 500/,
    ],
  ])('is refused in part for %s', (_, fields, payloads, why) => {
    expect(reliefOf(fields, payloads).refusals).toEqual([expect.stringMatching(why)]);
  });

  it.each([
    ['no object', 7, /must be an object/],
    ['an id that is no id', { id: '../x', programID: 'p', modificationDateTime: iso(noon) }, /id is unusable/],
    ['no instant of its change', { id: 'e', programID: 'p' }, /modificationDateTime must be an instant/],
  ])('is refused as a whole: %s', (_, value, why) => {
    expect(() => readOpenAdrEvent(value)).toThrow(Rejected);
    expect(() => readOpenAdrEvent(value)).toThrow(why);
  });

  it('takes units from its program where it describes none itself', () => {
    const described = readOpenAdrProgram({
      id: 'p1',
      programName: 'peak',
      payloadDescriptors: [{ payloadType: 'DISPATCH_SETPOINT', units: 'MW' }],
    });
    const read = readOpenAdrEvent(
      {
        id: 'e',
        programID: 'p1',
        modificationDateTime: iso(noon),
        intervals: [{ id: 0, payloads: [{ type: 'DISPATCH_SETPOINT', values: [1] }] }],
      },
      described,
    );
    expect(read.intervals[0]?.payloads).toEqual([{ type: 'DISPATCH_SETPOINT', values: [1], units: 'MW' }]);
  });
});

describe('the import limit of a site', () => {
  const part = (name: 'limit' | 'subscription' | 'reservation', powerW: number, from = 0, to = 10) => ({
    siteId: 'depot',
    part: name,
    powerW,
    startAt: noon + from * hour,
    endAt: noon + to * hour,
  });
  const parts = [part('limit', 40_000, 1, 2), part('subscription', 100_000), part('reservation', 20_000, 0, 5)];
  const at = (hours: number, isSilent = false) =>
    siteImportLimitW(parts, noon + hours * hour, noon + hours * hour + 60_000, isSilent);

  it('is the limit while one is in force, then what is subscribed and reserved, then nothing', () => {
    expect([0, 1.5, 3, 6, 11].map((hours) => at(hours))).toEqual([120_000, 40_000, 120_000, 100_000, undefined]);
  });

  it('holds already a minute before it begins, and is lifted when it ends', () => {
    expect([at(1 - 1 / 120), at(2 - 1 / 120), at(2)]).toEqual([40_000, 40_000, 120_000]);
  });

  it('is what is subscribed while the server is silent', () => {
    expect(at(1.5, true)).toBe(120_000);
  });
});

describe('the tiers of a site', () => {
  const tier = (name: string, from: number, to: number, priority = 3, version = 0) => ({
    siteId: 'depot',
    tier: name,
    priority,
    version,
    startAt: noon + from * hour,
    endAt: noon + to * hour,
  });

  it('are told one after the other, those of the higher priority and of the later change before others', () => {
    const parts = [tier('A', 0, 4), tier('B', 1, 2, 0), tier('C', 3, Number.POSITIVE_INFINITY, 3, 1)];
    expect(siteTierSpans(parts, noon)).toEqual([
      { tier: 'A', from: noon, to: noon + hour },
      { tier: 'B', from: noon + hour, to: noon + 2 * hour },
      { tier: 'A', from: noon + 2 * hour, to: noon + 3 * hour },
      { tier: 'C', from: noon + 3 * hour },
    ]);
  });

  it('never overlap, and hold at every instant what the most urgent, latest part says', () => {
    const part = fc.record({
      name: fc.constantFrom('A', 'B', 'C'),
      from: fc.integer({ min: -5, max: 20 }),
      lasts: fc.integer({ min: 1, max: 9 }),
      priority: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 0, max: 30 }), (drawn, at) => {
        const parts = drawn.map(({ name, from, lasts, priority }, version) =>
          tier(name, from, from + lasts, priority, version),
        );
        const spans = siteTierSpans(parts, noon);
        const instant = noon + at * hour;
        const holding = parts.filter(({ startAt, endAt }) => startAt <= instant && instant < endAt);
        const [wanted] = holding.sort((one, other) => one.priority - other.priority || other.version - one.version);
        const told = spans.filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= instant && instant < to);
        expect(told.map((span) => span.tier)).toEqual(wanted === undefined ? [] : [wanted.tier]);
        expect(spans.map(({ from }) => from)).toEqual(
          spans.map(({ from }) => from).toSorted((one, other) => one - other),
        );
      }),
    );
  });

  it('come from several values of one interval in equal parts', () => {
    const { tiers } = reliefOf({}, [{ type: 'PRICE', values: [0.1, 0.4] }]);
    expect(siteTierSpans(tiers, noon)).toEqual([
      { tier: 'OFF_PEAK', from: noon + hour, to: noon + 1.5 * hour },
      { tier: 'ON_PEAK', from: noon + 1.5 * hour, to: noon + 2 * hour },
    ]);
  });
});

describe('the configuration of a server', () => {
  const given = {
    serverId: 's',
    url: 'https://vtn',
    version: '3.0',
    programs: [{ program: 'p', places: [{ zoneId: 'z' }] }],
  };

  it('keeps what an operator wrote, with watts for kW', () => {
    expect(readOpenAdrServer(given)).toEqual({
      serverId: 's',
      url: 'https://vtn',
      version: '3.0',
      clientName: 'wattstream',
      subscribes: false,
      programs: [{ program: 'p', places: [{ zoneId: 'z', siteIds: [] }], table: {} }],
    });
    expect(program.table.simpleW).toEqual({ 1: 100_000, 2: 200_000, 3: 400_000 });
  });

  it.each([
    ['a secret', { clientSecret: 'x' }, /clientSecret is not known/],
    ['an address without TLS', { url: 'http://vtn.example.com' }, /must be an https address/],
    ['an address with a password in it', { url: 'https://me:pw@vtn' }, /must be an https address/],
    ['no program', { programs: [] }, /must name a program/],
    ['a place that is nowhere', { programs: [{ program: 'p', places: [{ target: 't' }] }] }, /zoneId or siteIds/],
    [
      'two places for one target',
      { programs: [{ program: 'p', places: [{ zoneId: 'a' }, { zoneId: 'b' }] }] },
      /twice/,
    ],
    [
      'tiers that fall',
      {
        programs: [
          {
            program: 'p',
            places: [{ zoneId: 'a' }],
            priceTiers: [
              { from: 1, tier: 'A' },
              { from: 0, tier: 'B' },
            ],
          },
        ],
      },
      /must rise/,
    ],
  ])('is refused with %s', (_, fields, why) => {
    expect(() => readOpenAdrServer({ ...given, ...fields })).toThrow(why);
  });
});
