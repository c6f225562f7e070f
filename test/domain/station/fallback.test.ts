import { expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import { limitWAt } from '../../../domain/connector/connector-limit-at.ts';
import { fallbackProfile, fallbacksDue, heldFallbackW } from '../../../domain/connector/fallback-profile.ts';
import { ownProfileId } from '../../../domain/profile/own-profile-id.ts';
import { releasedProfiles } from '../../../domain/site/released-profiles.ts';
import { profileFormatOf } from '../../../ocpp/profile-change-of.ts';
import { commandEnded } from '../../support/commands.ts';
import { started } from '../../support/facts.ts';
import { given } from '../../support/given.ts';
import { minutes, noon, registration } from '../../support/station-days.ts';

const share = (limitW: number) => ({ evseId: 1, limitW });
const accepted = (limitW: number, over: object = {}) => {
  const asked = fallbackProfile(share(limitW));
  const payload = profileFormatOf('1.6').set({ ...asked, profileId: ownProfileId(asked) });
  return commandEnded(noon + minutes(1), 'SetChargingProfile', payload, {
    isWrittenHere: true,
    origin: 'internal',
    ...over,
  });
};

it('knows what a station falls back to, and what it has still to be sent', () => {
  const without = given(started(0)).connector(1) as Connector;
  const held = given(started(0), accepted(5_000)).connector(1) as Connector;
  const lost = given(started(0), accepted(5_000, { state: 'TimedOut' })).connector(1) as Connector;
  expect([without, held, lost].map(heldFallbackW)).toEqual([undefined, 5_000, undefined]);
  expect(limitWAt(held, noon + minutes(600))).toBe(5_000);
  const { connectors } = registration('S1');
  const due = (live: readonly Connector[], limitW: number) => fallbacksDue([share(limitW)], live, connectors).length;
  expect([due([], 5_000), due([without], 5_000), due([lost], 5_000)]).toEqual([1, 1, 1]);
  expect([due([held], 5_000), due([held], 4_990), due([held], 6_000)]).toEqual([0, 1, 1]);
  const inAmperes = given(started(0), accepted(7.2 * 690)).connector(1) as Connector;
  expect([due([inAmperes], 5_000), due([inAmperes], 5_040)]).toEqual([0, 1]);
  const paused = given(started(0), accepted(0)).connector(1) as Connector;
  expect([due([paused], 1_000), due([paused], 6_000)]).toEqual([0, 1]);
});

it('is taken away also where the station never answered that it took it', () => {
  const [without, held, lost] = [
    given(started(0)),
    given(started(0), accepted(5_000)),
    given(started(0), accepted(5_000, { state: 'TimedOut' })),
  ].map((site) => site.connector(1) as Connector);
  const id = ownProfileId(fallbackProfile(share(0)));
  const setpointId = ownProfileId({ purpose: 'tx', stackLevel: 1, evseId: 1 });
  const releasedOf = (connector: Connector | undefined) => releasedProfiles(connector === undefined ? [] : [connector]);
  expect([without, held, lost].map((one) => [...releasedOf(one).values()])).toEqual([
    [[setpointId]],
    [[id, setpointId]],
    [[id, setpointId]],
  ]);
});

it('is taken away also where it may wait in the mailbox of a station that is offline', () => {
  const { session: _, ...free } = given(started(0)).connector(1) as Connector;
  const released = (['available', 'offline'] as const).map((status) => [
    ...releasedProfiles([{ ...free, status }]).values(),
  ]);
  expect(released).toEqual([[], [[ownProfileId(fallbackProfile(share(0)))]]]);
});
