import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargingProfile, ProfileChange } from '../../../domain/kernel/charging-profile.ts';
import { OWN_IDS } from '../../../domain/profile/own-profile-id.ts';
import {
  afterBoot,
  afterTransaction,
  installedProfiles,
  isUnknown,
  type ProfileEntry,
  type ProfileLog,
  possibilities,
  settledAs,
  withOutcome,
} from '../../../domain/profile/profile-log.ts';

const profile = (over: Partial<ChargingProfile> = {}): ChargingProfile => ({
  purpose: 'tx-default',
  evseId: 1,
  stackLevel: 0,
  profileId: 1,
  schedule: { kind: 'relative', periods: [{ startSec: 0, limitW: 7_000 }] },
  ...over,
});
const limited = (limitW: number, over: Partial<ChargingProfile> = {}): ChargingProfile =>
  profile({ ...over, schedule: { kind: 'relative', periods: [{ startSec: 0, limitW }] } });
const set = (sentAt: number, what: ChargingProfile, over: Partial<ProfileEntry> = {}): ProfileEntry =>
  ({ type: 'set', profile: what, commandId: `c${sentAt}`, sentAt, ...over }) as ProfileEntry;
const cleared = (sentAt: number, selector: object, over: Partial<ProfileEntry> = {}): ProfileEntry =>
  ({ type: 'cleared', selector, commandId: `c${sentAt}`, sentAt, ...over }) as ProfileEntry;
const logOf = (...entries: readonly ProfileEntry[]): ProfileLog =>
  entries.reduce<ProfileLog>((log, entry) => withOutcome(log, entry, 1, 1_000), []);
const limits = (log: ProfileLog) => installedProfiles(log).map(({ schedule }) => schedule.periods[0]?.limitW);

describe('what a station holds', () => {
  it('is the last profile of each place, whatever its id, and of each id, whatever its place', () => {
    expect(limits(logOf(set(1, limited(1)), set(2, limited(2, { profileId: 9 }))))).toEqual([2]);
    expect(limits(logOf(set(1, limited(1)), set(2, limited(2, { stackLevel: 3 }))))).toEqual([2]);
    expect(limits(logOf(set(1, limited(1)), set(2, limited(2, { stackLevel: 3, profileId: 9 }))))).toEqual([1, 2]);
  });

  it('loses a profile whose id is used on another EVSE', () => {
    expect(limits(logOf(set(1, limited(1)), set(2, limited(2, { evseId: 2 }))))).toEqual([]);
  });

  it.each([
    [{ profileId: 1 }, []],
    [{ profileId: 2 }, [1]],
    [{}, []],
    [{ evseId: 1 }, []],
    [{ evseId: 2 }, [1]],
    [{ purpose: 'tx-default' }, []],
    [{ purpose: 'tx' }, [1]],
    [{ evseId: 1, stackLevel: 1 }, [1]],
  ])('after clearing %j of one profile on EVSE 1 is %j', (selector, left) => {
    expect(limits(logOf(set(1, limited(1)), cleared(2, selector)))).toEqual(left);
  });

  it('does not change when an outcome is told again, or an older one late', () => {
    const log = logOf(set(1, limited(1)), set(2, limited(2)));
    expect(withOutcome(log, set(2, limited(2)), 1, 1_000)).toBe(log);
    expect(limits(withOutcome(log, set(1, limited(1)), 1, 1_000))).toEqual([2]);
    expect(limits(withOutcome(logOf(cleared(2, {})), set(1, limited(1)), 1, 1_000))).toEqual([]);
  });

  it('is without profiles that are over', () => {
    expect(logOf(set(1, limited(1, { validTo: 1_000 })))).toEqual([]);
    expect(logOf(set(1, limited(1, { validTo: 1_001 })))).toHaveLength(1);
  });

  it('loses the profile of a transaction with it, not that of another one', () => {
    const log = logOf(
      set(1, limited(1, { purpose: 'tx', transactionId: 'a' })),
      set(2, limited(2, { purpose: 'tx', transactionId: 'b', stackLevel: 2, profileId: 2 })),
      set(3, limited(3, { profileId: 3 })),
    );
    expect(limits(afterTransaction(log, { transactionId: 'a', startedAt: 0 }))).toEqual([2, 3]);
    expect(afterTransaction(log, { transactionId: 'c', startedAt: 0 })).toBe(log);
  });

  it('keeps defaults over a restart; the profile of a transaction may have survived it', () => {
    const own = set(1, limited(1, { purpose: 'tx', transactionId: 'a' }));
    const log = afterBoot(logOf(own, set(2, limited(2, { profileId: 2 }))), 10);
    expect(limits(log)).toEqual([2]);
    expect(possibilities(log)?.map((way) => way.profiles.length)).toEqual([1, 2]);
    expect(afterBoot(logOf(set(2, limited(2))), 10)).toEqual(logOf(set(2, limited(2))));
    expect(afterBoot(logOf(own), 1)).toEqual(logOf(own));
  });
});

describe('a command that was not answered', () => {
  const open = (sentAt: number, what: ChargingProfile) => set(sentAt, what, { unsettled: true });

  it('changes nothing that is known, and may have been carried out', () => {
    const log = logOf(set(1, limited(1)), open(2, limited(2)));
    expect(limits(log)).toEqual([1]);
    expect(possibilities(log)?.map(({ profiles, carriedOut }) => [profiles[0]?.commandId, carriedOut])).toEqual([
      ['c1', []],
      ['c2', ['c2']],
    ]);
  });

  it('no longer matters once a later one for its place is accepted', () => {
    const log = logOf(set(1, limited(1)), open(2, limited(2)), set(3, limited(3)));
    expect([limits(log), possibilities(log)?.length]).toEqual([[3], 1]);
  });

  it('is settled by its own late outcome', () => {
    expect(limits(logOf(set(1, limited(1)), open(2, limited(2)), set(2, limited(2))))).toEqual([2]);
  });

  it('is settled by what turns out to have happened', () => {
    const log = logOf(set(1, limited(1)), open(2, limited(2)));
    const [without, withIt] = possibilities(log) ?? [];
    if (without === undefined || withIt === undefined) throw new Error('two ways');
    expect(limits(settledAs(log, [withIt], 1, 1_000))).toEqual([2]);
    expect(settledAs(log, [without], 1, 1_000)).toEqual(logOf(set(1, limited(1))));
    expect(settledAs(log, [without, withIt], 1, 1_000)).toBe(log);
    expect(settledAs(log, [], 1, 1_000)).toBe(log);
  });

  it('one of very many leaves everything possible', () => {
    const many = [1, 2, 3, 4, 5, 6].map((n) => open(n, limited(n, { profileId: n, stackLevel: n })));
    expect(possibilities(logOf(...many.slice(1)))).toHaveLength(32);
    expect(possibilities(logOf(...many))).toBeUndefined();
  });
});

describe('profiles of our id range', () => {
  const own = (sentAt: number, limitW: number) =>
    set(sentAt, limited(limitW, { profileId: OWN_IDS.from + 1 }), { isWrittenHere: true });

  it.each<[string, ProfileEntry]>([
    ['sets one with such an id', set(2, limited(2, { profileId: OWN_IDS.from + 1 }))],
    ['sets one in its place', set(2, limited(2, { profileId: 5 }))],
    ['clears it', cleared(2, { profileId: OWN_IDS.from + 1 })],
    ['clears everything', cleared(2, {})],
  ])('leave limits unknown when somebody else %s, until we set the limit again', (_, foreign) => {
    const log = logOf(own(1, 1), foreign);
    expect(isUnknown(log)).toBe(true);
    const again = withOutcome(log, own(3, 3), 1, 1_000);
    expect([isUnknown(again), limits(again)]).toEqual([false, [3]]);
  });

  it('leave limits unknown where somebody else takes one that we have not used', () => {
    expect(isUnknown(logOf(set(1, limited(1, { profileId: OWN_IDS.from + 1 }))))).toBe(true);
  });

  it('and a profile nobody can read leave limits unknown until all is cleared', () => {
    const log = logOf({ type: 'unreadable', evseId: 1, commandId: 'c1', sentAt: 1 });
    expect(isUnknown(log)).toBe(true);
    expect(isUnknown(withOutcome(log, cleared(2, { profileId: 1 }), 1, 1_000))).toBe(true);
    expect(isUnknown(withOutcome(log, cleared(2, {}), 1, 1_000))).toBe(false);
  });

  it('are ours to change, and others may set profiles elsewhere', () => {
    expect(isUnknown(logOf(own(1, 1), own(2, 2), set(3, limited(3, { stackLevel: 4, profileId: 7 }))))).toBe(false);
  });
});

/** A station as it is: it carries out one command after the other, and keeps what it was told. */
const carriedOut = (held: readonly ChargingProfile[], change: ProfileChange): readonly ChargingProfile[] => {
  const kept: ChargingProfile[] = [];
  for (const known of held) {
    if (change.type === 'set') {
      const { profileId, purpose, stackLevel, evseId } = change.profile;
      if (known.profileId === profileId) continue;
      if (known.purpose === purpose && known.stackLevel === stackLevel && known.evseId === evseId) continue;
    } else if (change.type === 'cleared') {
      const { profileId, ...criteria } = change.selector;
      if (profileId !== undefined && known.profileId === profileId) continue;
      const fits = Object.entries(criteria).every(([key, value]) => known[key as keyof ChargingProfile] === value);
      if (profileId === undefined && fits) continue;
    }
    kept.push(known);
  }
  return change.type === 'set' ? [...kept, change.profile] : kept;
};

const places = fc.record({
  purpose: fc.constantFrom('tx-default' as const, 'station-max' as const),
  stackLevel: fc.nat(1),
  evseId: fc.nat(1),
});
const changes: fc.Arbitrary<ProfileChange> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(places, fc.nat(3), fc.nat(20)).map(
      ([place, id, limitW]): ProfileChange => ({
        type: 'set',
        // Each place has ids of its own: only then does the order of outcomes not matter.
        profile: limited(limitW, {
          ...place,
          profileId: (id % 2) | (place.stackLevel * 2 + place.evseId * 4) | (place.purpose === 'tx-default' ? 8 : 0),
        }),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ evseId: fc.nat(1), stackLevel: fc.nat(1) }, { requiredKeys: [] })
      .map((selector): ProfileChange => ({ type: 'cleared', selector })),
  },
);
const commands = fc.array(
  fc.record({ change: changes, answer: fc.constantFrom('accepted', 'accepted', 'rejected', 'lost', 'lost-but-done') }),
  { maxLength: 12 },
);
const sorted = (profiles: readonly ChargingProfile[]) =>
  profiles.map((one) => JSON.stringify({ ...one, commandId: undefined })).sort();

describe('against a station that carries out its commands', () => {
  it('holds what the station holds, or has it among what may be, in whatever order the outcomes are told', () => {
    fc.assert(
      fc.property(
        commands,
        fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
        fc.boolean(),
        (list, chance, shuffled) => {
          let held: readonly ChargingProfile[] = [];
          const outcomes: ProfileEntry[] = [];
          for (const [index, { change, answer }] of list.entries()) {
            if (answer === 'accepted' || answer === 'lost-but-done') held = carriedOut(held, change);
            if (answer === 'rejected') continue;
            const entry = { ...change, commandId: `c${index}`, sentAt: 1 + (index >> 1), isWrittenHere: true as const };
            outcomes.push(answer === 'accepted' ? entry : { ...entry, unsettled: true });
          }
          const told = shuffled
            ? [...outcomes, ...outcomes.slice(0, 3)]
                .map((entry, index) => ({ entry, rank: chance[index] ?? 0 }))
                .sort((a, b) => a.rank - b.rank)
                .map(({ entry }) => entry)
            : outcomes;
          const log = told.reduce<ProfileLog>((known, entry) => withOutcome(known, entry, 1, 1_000), []);
          const ways = possibilities(log);
          if (ways !== undefined) expect(ways.map(({ profiles }) => sorted(profiles))).toContainEqual(sorted(held));
          if (!list.some(({ answer }) => answer.startsWith('lost')))
            expect(sorted(installedProfiles(log))).toEqual(sorted(held));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
