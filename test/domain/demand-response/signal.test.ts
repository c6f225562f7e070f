import { describe, expect, it } from 'vitest';
import { readRestoration, readSignal } from '../../../domain/demand-response/read-signal.ts';
import {
  activated,
  checked,
  ended,
  registerSignal,
  replanned,
  restored,
  type SignalRecord,
} from '../../../domain/demand-response/signal-record.ts';
import { Rejected } from '../../../domain/kernel/rejected.ts';

const receivedAt = Date.parse('2026-07-01T17:00:00Z');
const arrival = { receivedAt, by: 'bus: utility' };
const asked = {
  signalId: 'dr-1',
  type: 'CURTAIL',
  zoneId: 'north',
  reductionKw: 250.5,
  startAt: '2026-07-01T18:00:00+01:00',
  endAt: '2026-07-01T17:30:00Z',
};

describe('a signal that is read', () => {
  it('has watts and instants, version 1 and priority 2 where none is given', () => {
    expect(readSignal(asked, arrival)).toEqual({
      signalId: 'dr-1',
      version: 1,
      type: 'CURTAIL',
      priority: 2,
      kind: 'zone-reduction',
      zoneId: 'north',
      reductionW: 250_500,
      startAt: receivedAt,
      endAt: receivedAt + 1_800_000,
      ...arrival,
    });
  });

  it('begins on arrival without a start', () => {
    expect(readSignal({ ...asked, startAt: undefined }, arrival)).toMatchObject({
      startAt: receivedAt,
      startsOnArrival: true,
    });
  });

  it('keeps a start in the past, as it was given', () => {
    const { startAt } = readSignal({ ...asked, startAt: '2026-07-01T16:50:00Z' }, arrival);
    expect(startAt).toBe(receivedAt - 600_000);
  });

  it('cannot ask for more load in a zone, and says why', () => {
    const { reductionKw: _, ...common } = asked;
    expect(() => readSignal({ ...common, increaseKw: 40 }, arrival)).toThrow(/no charger can make a car draw more/);
  });

  it('asks for a share of a site', () => {
    const { zoneId: _, reductionKw: __, ...common } = asked;
    expect(readSignal({ ...common, siteId: 'depot', curtailmentPct: 30, baselineKw: 120 }, arrival)).toMatchObject({
      kind: 'site-curtailment',
      percent: 30,
      baselineW: 120_000,
    });
  });

  it.each([
    ['no end', { endAt: undefined }, 'endAt is missing'],
    ['an end before its start', { endAt: '2026-07-01T16:00:00Z' }, 'endAt must come after startAt'],
    [
      'an end that is over',
      { startAt: '2026-07-01T15:00:00Z', endAt: '2026-07-01T16:00:00Z' },
      'endAt is over already',
    ],
    ['an end too far away', { endAt: '2026-07-09T18:00:00Z' }, 'at most 7 days'],
    ['a start too far away', { startAt: '2027-07-01T00:00:00Z', endAt: '2027-07-01T01:00:00Z' }, 'next 60 days'],
    ['an instant without offset', { startAt: '2026-07-01T18:00:00' }, 'ISO 8601 instant with its offset'],
    ['an unknown type', { type: 'RELAX' }, 'type must be one of CURTAIL, SHED'],
    ['a priority of 4', { priority: 4 }, 'priority must be from 1 to 3'],
    ['a negative reduction', { reductionKw: -5 }, 'reductionKw must be from 0'],
    ['a reduction of nothing', { reductionKw: 0 }, 'reductionKw must be above 0'],
    [
      'a share of nothing',
      { reductionKw: undefined, zoneId: undefined, siteId: 'depot', curtailmentPct: 0 },
      'curtailmentPct must be above 0',
    ],
    ['two requests', { curtailmentPct: 10, siteId: 'depot' }, 'exactly one of them'],
    ['no request', { reductionKw: undefined }, 'exactly one of them'],
    ['no zone', { zoneId: undefined }, 'zoneId is missing'],
    ['kilowatts of one site', { zoneId: undefined, siteId: 'depot' }, 'siteId does not belong to reductionKw'],
    ['a zone and a site', { siteId: 'depot' }, 'siteId does not belong to reductionKw: zones are asked for kilowatts'],
    ['a share of a zone', { reductionKw: undefined, curtailmentPct: 10 }, 'zoneId does not belong to curtailmentPct'],
    ['a misspelt key', { prioritiy: 1 }, 'prioritiy is not known'],
    ['an id of 200 characters', { signalId: 'x'.repeat(200) }, 'signalId is unusable'],
  ])('is refused with %s', (_, fields, message) => {
    const read = () => readSignal({ ...asked, ...fields }, arrival);
    expect(read).toThrow(Rejected);
    expect(read).toThrow(message);
  });
});

describe('a restoration that is read', () => {
  it('names signals, a zone or a site', () => {
    expect(readRestoration({ signalIds: ['dr-1'], why: 'over' }, arrival)).toMatchObject({ signalIds: ['dr-1'] });
    expect(readRestoration({ zoneId: 'north' }, arrival)).toMatchObject({ kind: 'zone', zoneId: 'north' });
    expect(readRestoration({ siteId: 'depot' }, arrival)).toMatchObject({ kind: 'site', siteId: 'depot' });
  });

  it.each([
    ['nothing', {}],
    ['an empty list', { signalIds: [] }],
    ['numbers', { signalIds: [1] }],
  ])('is refused when it names %s', (_, fields) => {
    expect(() => readRestoration(fields, arrival)).toThrow(Rejected);
  });
});

const signalOf = (fields: object = {}, at = receivedAt) =>
  readSignal({ ...asked, ...fields }, { ...arrival, receivedAt: at });
const registered = (fields: object = {}): SignalRecord => registerSignal(undefined, signalOf(fields)).record;

describe('a signal that comes in', () => {
  it('waits for its start, and is told', () => {
    const { kind, record } = registerSignal(undefined, signalOf());
    expect(kind).toBe('registered');
    expect(record).toMatchObject({ state: 'waiting', rev: 1, outbox: [{ type: 'Signalled', at: receivedAt }] });
  });

  it('is a duplicate with the same version and content, whenever and by whomever it is repeated', () => {
    const known = registered({ startAt: undefined });
    const again = readSignal({ ...asked, startAt: undefined }, { receivedAt: receivedAt + 9_000, by: 'iot: gateway' });
    expect(registerSignal(known, again)).toEqual({ kind: 'duplicate', record: known });
  });

  it('contradicts itself with the same version and another content', () => {
    const known = registered();
    expect(registerSignal(known, signalOf({ reductionKw: 10 })).kind).toBe('contradiction');
    expect(registerSignal(known, signalOf({ startAt: '2026-07-01T17:10:00Z' })).kind).toBe('contradiction');
  });

  it('replaces an older version, and is left where a newer one is known', () => {
    const known = ended(registered({ version: 2 }), 'completed', receivedAt);
    expect(registerSignal(known, signalOf({ version: 1 })).kind).toBe('outdated');
    const { kind, record } = registerSignal(known, signalOf({ version: 3 }));
    expect(kind).toBe('registered');
    expect(record).toMatchObject({ state: 'waiting', rev: 3, round: 0, signal: { version: 3 } });
    expect(record).not.toHaveProperty('endedAs');
  });
});

describe('the record of a signal', () => {
  const figures = {
    baselineW: 400_000,
    askedW: 250_000,
    plannedW: 200_000,
    shortfallW: 50_000,
    stationCount: 9,
    unknownCount: 1,
  };

  it('counts what was told, so that every change has a number of its own', () => {
    const active = activated(registered(), figures, receivedAt + 1_000);
    expect(active.outbox.map(({ type }) => type)).toEqual(['Planned', 'Shortfall']);
    expect(active.toldCount).toBe(1);
    const check = { at: receivedAt + 30_000, deliveredW: 190_000, plannedW: 200_000, nonResponsiveCount: 1 };
    const verified = checked(active, check, 0);
    expect(verified).toMatchObject({ toldCount: 3, lastCheck: check, outbox: [{ type: 'Verified' }] });
  });

  it('tells what the meters said beside the plan that follows from it', () => {
    const active = activated(registered(), figures, receivedAt + 1_000);
    const check = { at: receivedAt + 30_000, deliveredW: 190_000, plannedW: 200_000, nonResponsiveCount: 1 };
    const next = replanned(active, check, figures);
    expect(next.outbox.map(({ type }) => type)).toEqual(['Verified', 'Planned', 'Shortfall']);
    expect(next).toMatchObject({ rev: active.rev + 1, toldCount: 3, round: 2, lastCheck: check });
  });

  it('counts rounds of planning, and keeps the instant of the first', () => {
    const first = activated(registered(), figures, receivedAt + 1_000);
    expect(activated(first, figures, receivedAt + 40_000)).toMatchObject({ round: 2, activatedAt: receivedAt + 1_000 });
  });

  it('is restored once and ends once, whoever repeats it', () => {
    const over = restored(registered(), 'operator ada', 'RESTORE', receivedAt + 5);
    expect(restored(over, 'another', 'again', receivedAt + 9)).toBe(over);
    const done = ended(over, 'cancelled', receivedAt + 10, 'asked for');
    expect(done).toMatchObject({ state: 'ended', endedAs: 'cancelled', restoredBy: 'operator ada' });
    expect(ended(done, 'completed', receivedAt + 11)).toBe(done);
    expect(restored(done, 'late', 'RESTORE', receivedAt + 12)).toBe(done);
  });
});
