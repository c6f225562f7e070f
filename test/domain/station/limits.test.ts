import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import { connectorLimitAt, limitWAt } from '../../../domain/connector/connector-limit-at.ts';
import type { EndedCommand } from '../../../domain/kernel/ended-command.ts';
import type { Fact, SessionUpdated, StationBooted } from '../../../domain/kernel/fact.ts';
import { supplyOf } from '../../../domain/profile/evse-supply.ts';
import { limitAt } from '../../../domain/profile/limit-in-force.ts';
import { ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import { isUnknown, possibilities } from '../../../domain/profile/profile-log.ts';
import { commandEnded } from '../../support/commands.ts';
import { sample, started, stopped } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, on, said } from '../../support/station-days.ts';

const at = (minute: number): number => noon + minutes(minute);
const iso = (minute: number): string => new Date(at(minute)).toISOString();

/** A SetChargingProfile of OCPP 1.6 on connector 1, sent and answered at a minute: amperes on three phases, an hour from then. */
const setAt = (
  minute: number,
  limit: number,
  { connectorId = 1, ...profile }: Readonly<Record<string, unknown>> = {},
  ended: Partial<EndedCommand> = {},
): readonly Fact[] =>
  commandEnded(
    at(minute),
    'SetChargingProfile',
    {
      connectorId,
      csChargingProfiles: {
        chargingProfileId: 5,
        transactionId: 77,
        stackLevel: 1,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Absolute',
        validTo: iso(minute + 60),
        ...profile,
        chargingSchedule: {
          chargingRateUnit: 'A',
          startSchedule: iso(minute),
          chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: 3 }],
        },
      },
    },
    ended,
  );
const defaults = {
  chargingProfileId: 6,
  chargingProfilePurpose: 'TxDefaultProfile',
  transactionId: undefined,
  stackLevel: 0,
  validTo: undefined,
};
const wholeStation = {
  ...defaults,
  chargingProfileId: 7,
  connectorId: 0,
  chargingProfilePurpose: 'ChargePointMaxProfile',
};
const clearAt = (minute: number, payload: object, ended: Partial<EndedCommand> = {}) =>
  commandEnded(at(minute), 'ClearChargingProfile', payload, ended);
const scheduleAt = (minute: number, limit: number, connectorId = 1) =>
  commandEnded(
    at(minute),
    'GetCompositeSchedule',
    { connectorId, duration: 600 },
    {
      reply: JSON.stringify({
        status: 'Accepted',
        connectorId,
        chargingSchedule: {
          duration: 600,
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: 3 }],
        },
      }),
    },
  );

const start = started(0, { transactionId: '77' });
const limits = (connector: Connector | undefined, ...when: readonly number[]) =>
  when.map((minute) => connector && limitWAt(connector, at(minute)));
/** The most of the limits a station may hold by all that it did not answer; undefined where nobody can tell. */
const committed = (connector: Connector | undefined, minute: number): number | undefined => {
  if (connector === undefined) return undefined;
  const { evseId, place, profiles = [], session } = connector;
  const context = { evseId, supply: supplyOf(place), ...(session && { transaction: session }) };
  const ways = isUnknown(profiles) ? undefined : possibilities(profiles);
  const limitsW = ways?.map((way) => limitAt(way.profiles, context, at(minute))?.limitW);
  return limitsW === undefined || limitsW.includes(undefined)
    ? undefined
    : Math.max(...limitsW.map((limitW) => limitW ?? 0));
};
const boot = (minute: number, more: Partial<StationBooted> = {}): StationBooted => ({
  ...said(at(minute)),
  type: 'StationBooted',
  vendor: 'V',
  model: 'M',
  ...more,
});

describe('the limit of a connector', () => {
  it('is what its station accepted, from then until it is no longer valid', () => {
    const { connector } = given(start, setAt(1, 16));
    expect(limits(connector(1), 0, 1, 60, 61)).toEqual([undefined, 11_040, 11_040, undefined]);
    expect(connectorLimitAt(connector(1) as Connector, at(1))).toMatchObject({ purpose: 'tx', commandId: 'cmd-1-0' });
    expect(connector(1)?.limits).toEqual([
      { fromAt: at(1) + 300, limitW: 11_040, purpose: 'tx', commandId: 'cmd-1-0' },
      { fromAt: at(61), isUnlimited: true },
    ]);
    expect(limits(connector(2), 1)).toEqual([undefined]);
  });

  it.each(['Rejected', 'NotSupported', 'Superseded', 'Expired'] as const)('is not what ended %s', (state) => {
    const never = state === 'Superseded' || state === 'Expired' ? { sentAt: undefined } : {};
    const { connector } = given(start, setAt(1, 16, {}, { state, ...never } as Partial<EndedCommand>));
    expect([limits(connector(1), 2), connector(1)?.profiles]).toEqual([[undefined], undefined]);
  });

  it('is the lower of its own and the maximum of the station, and the default where the transaction has none', () => {
    const registered: Fact = { ...said(noon), type: 'StationRegistered' };
    const { connector } = given(registered, start, setAt(1, 16), setAt(2, 20, defaults), setAt(3, 10, wholeStation));
    expect(limits(connector(1), 2, 4, 62)).toEqual([11_040, 6_900, 6_900]);
    expect(limits(connector(2), 4)).toEqual([6_900]);
  });

  it('ends with the session, told or late', () => {
    const ended = stopped(5, { transactionId: '77' });
    expect(limits(given(start, setAt(1, 16), ended).connector(1), 6)).toEqual([undefined]);
    expect(given(start, setAt(1, 16), ended).connector(1)?.limits).toBeUndefined();
    expect(limits(given(start, ended, setAt(1, 16)).connector(1), 6)).toEqual([undefined]);
    expect(given(start, ended, setAt(1, 16)).connector(1)?.profiles).toBeUndefined();
    const next = started(7, { transactionId: '78' });
    expect(limits(given(start, setAt(1, 16), next).connector(1), 8)).toEqual([undefined]);
  });

  it('is of the running transaction where OCPP 1.6 names none', () => {
    const unnamed = setAt(1, 16, { transactionId: undefined });
    const { connector } = given(
      start,
      unnamed,
      stopped(5, { transactionId: '77' }),
      started(6, { transactionId: '78' }),
    );
    expect(limits(given(start, unnamed).connector(1), 2)).toEqual([11_040]);
    expect(limits(connector(1), 7)).toEqual([undefined]);
  });

  it('goes when it is cleared', () => {
    expect(limits(given(start, setAt(1, 16), clearAt(2, { id: 5 })).connector(1), 3)).toEqual([undefined]);
    expect(limits(given(start, setAt(1, 16), clearAt(2, { id: 9 })).connector(1), 3)).toEqual([11_040]);
  });

  it('is kept with each minute of the session', () => {
    const { changes } = given(
      start,
      setAt(1, 16),
      sample(2, { energyWh: 1_100 }, { transactionId: '77' }),
      sample(3, { energyWh: 1_200 }, { transactionId: '77' }),
    );
    expect(changes).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ type: 'MinuteClosed', minute: expect.objectContaining({ limitW: 11_040 }) }),
      ]),
    );
  });

  it('of the whole station holds for a connector that is heard of later', () => {
    const later = started(5, on(2));
    expect(limits(given(start, setAt(1, 10, wholeStation), later).connector(2), 6)).toEqual([6_900]);
    const unregistered = started(5, on(9));
    expect(limits(given(start, setAt(1, 10, wholeStation), unregistered).connector(9), 6)).toEqual([6_900]);
  });

  it('after a restart is the default; that of the transaction may still hold', () => {
    const { connector } = given(start, setAt(1, 16), setAt(2, 10, defaults), boot(5));
    expect([limits(connector(1), 6), committed(connector(1), 6)]).toEqual([[6_900], 11_040]);
    const asked = given(start, setAt(1, 16), setAt(2, 10, defaults), boot(5, { bootReason: 'Triggered' }));
    expect(limits(asked.connector(1), 6)).toEqual([11_040]);
  });
});

describe('a command that was not answered', () => {
  const lost = { state: 'TimedOut' } as const;
  const told = given(start, setAt(1, 16), setAt(2, 32, {}, lost));

  it('changes no limit, but the most that may hold', () => {
    expect([limits(told.connector(1), 3), committed(told.connector(1), 3)]).toEqual([[11_040], 22_080]);
    expect(committed(given(start, setAt(2, 32, {}, lost)).connector(1), 3)).toBeUndefined();
  });

  it.each([
    [16, 11_040],
    [32, 22_080],
  ])('is settled by a composite schedule of %d A', (limit, limitW) => {
    const { connector } = given(start, setAt(1, 16), setAt(2, 32, {}, lost), scheduleAt(3, limit));
    expect([limits(connector(1), 4), committed(connector(1), 4)]).toEqual([[limitW], limitW]);
  });

  it('stays open when the schedule fits neither, or is another connector’s', () => {
    for (const schedule of [scheduleAt(3, 25), scheduleAt(3, 32, 2)]) {
      const { connector } = given(start, setAt(1, 16), setAt(2, 32, {}, lost), schedule);
      expect([limits(connector(1), 4), committed(connector(1), 4)]).toEqual([[11_040], 22_080]);
    }
  });

  it('counts like one that failed without an answer that can be read, not like one the charger refused', () => {
    const failed = (reply?: string) =>
      given(start, setAt(1, 16), setAt(2, 32, {}, { state: 'Failed', ...(reply && { reply }) })).connector(1);
    expect(committed(failed('{"errorCode":"InternalError","errorDescription":""}'), 3)).toBe(11_040);
    expect(committed(failed('{"status":"Maybe"}'), 3)).toBe(22_080);
    expect(committed(failed(), 3)).toBe(22_080);
  });
});

describe('profiles of our id range', () => {
  const ours = { chargingProfileId: ownProfileId({ purpose: 'tx', evseId: 1, stackLevel: 1 }) };
  const byUs = { isWrittenHere: true, origin: 'internal' } as const;

  it('leave the limit unknown when somebody else sets them, until we set it again', () => {
    const touched = given(start, setAt(1, 16, ours, byUs), setAt(2, 32, ours));
    expect(connectorLimitAt(touched.connector(1) as Connector, at(3))).toMatchObject({ isUnknown: true });
    expect([limits(touched.connector(1), 3), committed(touched.connector(1), 3)]).toEqual([[undefined], undefined]);
    const again = given(start, setAt(1, 16, ours, byUs), setAt(2, 32, ours), setAt(3, 20, ours, byUs));
    expect(limits(again.connector(1), 4)).toEqual([13_800]);
  });

  it('are told when the station accepts them, once and as they were sent', () => {
    const accepted = given(start, setAt(1, 16, ours, byUs), setAt(2, 16)).changes.filter(
      ({ type }) => type === 'ProfilesAccepted',
    );
    expect(accepted).toMatchObject([
      {
        id: 'S1.cmd-1-0.accepted',
        change: { type: 'set', profile: { schedule: { periods: [{ limitA: 16, phases: 3 }] } } },
      },
    ]);
  });
});

describe('a profile that came with a request to start', () => {
  const inRequest = (limit: number) => ({
    stackLevel: 1,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit, numberPhases: 3 }] },
  });
  const asked = (limit: number, fields: object = { connectorId: 1 }, ended: Partial<EndedCommand> = {}) =>
    commandEnded(
      at(1),
      'RemoteStartTransaction',
      { idTag: 'TAG', ...fields, chargingProfile: { chargingProfileId: 9, ...inRequest(limit) } },
      ended,
    );
  const asked201 = (limit: number, minute = 1, remoteStartId = 4) => {
    const { chargingSchedule, ...profile } = inRequest(limit);
    const chargingProfile = { id: 9, ...profile, chargingSchedule: [{ id: 1, ...chargingSchedule }] };
    const payload = { evseId: 1, remoteStartId, idToken: { idToken: 'TAG', type: 'Central' }, chargingProfile };
    return commandEnded(at(minute), 'RequestStartTransaction', payload, { ocpp: '2.0.1' });
  };
  const at2 = (...messages: readonly (Fact | readonly Fact[])[]) => limits(given(...messages).connector(1), 4);

  it('limits the transaction that follows from it, told before or after it starts', () => {
    const begins = started(2);
    expect([at2(asked(10), begins), at2(begins, asked(10))]).toEqual([[6_900], [6_900]]);
    expect([at2(asked201(10), begins), at2(asked201(10), started(0))]).toEqual([[6_900], [6_900]]);
    expect(at2(asked(10, {}), begins)).toEqual([6_900]);
  });

  it.each([
    ['before it starts', [asked(10)]],
    ['of another driver', [asked(10), started(2, { tag: 'OTHER' })]],
    ['on another connector', [asked(10, { connectorId: 2 }), started(2)]],
    ['that ran before', [started(-10), asked(10)]],
    ['of the same driver much later', [asked(10), started(17)]],
    ['where the station refused to start', [asked(10, { connectorId: 1 }, { state: 'Rejected' }), started(2)]],
  ] as const)('limits no transaction %s', (_, messages) => {
    expect(limits(given(...messages).connector(1), 18)).toEqual([undefined]);
  });

  it('is of the transaction that names the request, whoever charges and whenever it starts', () => {
    const named = (remoteStartId: number) => ({ remoteStartId, tag: 'OTHER' });
    expect([at2(asked201(10), started(2, named(4))), at2(asked201(10), started(2, named(5)))]).toEqual([
      [6_900],
      [undefined],
    ]);
    expect(limits(given(asked201(10), started(30, named(4))).connector(1), 40)).toEqual([6_900]);
    // What starts by itself, of the same driver within the time, names nothing: the profile may be its.
    expect(at2(asked201(10), started(2))).toEqual([6_900]);
  });

  it('is of a transaction that names the request in a later message, or in a start that comes late', () => {
    const stranger = { tag: 'OTHER', seqNo: 0 };
    const later = (more: Partial<SessionUpdated>): SessionUpdated => ({
      ...{ ...said(at(2.5)), ...on(1), type: 'SessionUpdated', transactionId: 'T1', seqNo: 1 },
      ...more,
    });
    const named = later({ remoteStartId: 4 });
    expect([at2(asked201(10), started(2, stranger)), at2(asked201(10), started(2, stranger), named)]).toEqual([
      [undefined],
      [6_900],
    ]);
    expect(at2(asked201(10), later({}), started(2, { ...stranger, remoteStartId: 4 }))).toEqual([6_900]);
  });

  it('stays when a transaction ends that another request started', () => {
    const ended = [started(2, { remoteStartId: 5 }), asked201(10, 2.2), stopped(2.5)];
    expect(at2(...ended, started(3, { transactionId: 'T2', remoteStartId: 4 }))).toEqual([6_900]);
    expect(at2(...ended, started(3, { transactionId: 'T2', remoteStartId: 6 }))).toEqual([undefined]);
  });

  it('ends with its transaction, and gives way to a limit that is set for it', () => {
    expect(at2(asked(10), started(2), stopped(3))).toEqual([undefined]);
    expect(at2(asked(10), started(2), stopped(3), started(3.5, { transactionId: 'T2' }))).toEqual([undefined]);
    expect(at2(asked(10), started(2), setAt(3, 20, { transactionId: 'T1' }))).toEqual([13_800]);
  });

  it('takes nothing from the transaction that still runs', () => {
    const running = started(0, { transactionId: '77' });
    expect(at2(running, setAt(0.5, 16), asked(10))).toEqual([11_040]);
  });
});

describe('outcomes in any order, some told twice', () => {
  it('lead to the limits their order of sending gives', () => {
    const outcomes = [
      setAt(1, 16),
      setAt(2, 20),
      setAt(3, 10, defaults),
      clearAt(4, { id: 5 }),
      setAt(5, 12),
      setAt(6, 31, wholeStation),
      setAt(7, 25, {}, { state: 'TimedOut' }),
    ];
    const inOrder = given(start, ...outcomes).connector(1) as Connector;
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...outcomes.keys(), ...outcomes.keys()], { minLength: 2 * outcomes.length }),
        (order) => {
          const { connector } = given(start, ...order.map((index) => outcomes[index] ?? []));
          const shuffled = connector(1) as Connector;
          for (const minute of [8, 30, 70])
            expect([limitWAt(shuffled, at(minute)), committed(shuffled, minute)]).toEqual([
              limitWAt(inOrder, at(minute)),
              committed(inOrder, minute),
            ]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
