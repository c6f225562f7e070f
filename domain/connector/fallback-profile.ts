import type { ChargingProfile } from '../kernel/charging-profile.ts';
import { type RateUnit, type Supply, writtenRate } from '../profile/charging-rate.ts';
import { evseSupply } from '../profile/evse-supply.ts';
import { limitAt } from '../profile/limit-in-force.ts';
import { ownProfileId } from '../profile/own-profile-id.ts';
import {
  type InstalledProfile,
  installedProfiles,
  isUnreadable,
  type ProfileEntry,
  possibilities,
} from '../profile/profile-log.ts';
import type { RegisteredConnector } from '../registry/registration.ts';
import type { Connector } from './connector.ts';
import { limitContext } from './connector-limit-at.ts';

/** What an EVSE may draw when no setpoint holds there, W. */
export type FallbackShare = { readonly evseId: number; readonly limitW: number };

/** Below every other limit: it counts where nothing else does. */
const BASE_LEVEL = 0;

/**
 * The limit that a station of a controlled site falls back to when its setpoints expire or the cloud is gone: for every
 * transaction, without an end. Without it an expired setpoint would leave no limit at all.
 */
export const fallbackProfile = ({ evseId, limitW }: FallbackShare): Omit<ChargingProfile, 'profileId'> => ({
  purpose: 'tx-default',
  evseId,
  stackLevel: BASE_LEVEL,
  schedule: { kind: 'relative', periods: [{ startSec: 0, limitW }] },
});

const fallbackId = (evseId: number): number => ownProfileId({ purpose: 'tx-default', stackLevel: BASE_LEVEL, evseId });

/** What an EVSE falls back to by our profile among these, W; undefined without it. */
const ownShareW = (profiles: readonly InstalledProfile[], evseId: number): number | undefined =>
  profiles.find(({ profileId }) => profileId === fallbackId(evseId))?.schedule.periods[0]?.limitW;

/** What a connector falls back to by a profile of ours that its station has accepted, W; undefined without one. */
export const heldFallbackW = ({ evseId, profiles = [] }: Connector): number | undefined =>
  ownShareW(installedProfiles(profiles), evseId);

/** Whether a connector holds a fall-back of ours, or may: its station has not answered. */
export const mayHoldFallback = ({ evseId, profiles = [] }: Connector): boolean =>
  profiles.some((entry) => entry.type === 'set' && entry.profile.profileId === fallbackId(evseId));

/** Whether a profile was sent that may hold or not. */
const isOpenSet = (entry: ProfileEntry): entry is Extract<ProfileEntry, { type: 'set' }> =>
  entry.type === 'set' && entry.unsettled === true;

/**
 * What a transaction on a connector may draw at `at` (ms) when no setpoint holds, W: our default profile, or one that somebody
 * else set above it where that is more; of what unanswered commands may have left the most. Undefined where ours may not hold, and
 * where it cannot be told.
 */
export const safeShareW = (connector: Connector, at: number): number | undefined => {
  const { evseId, profiles: log = [] } = connector;
  if (isUnreadable(log.filter((entry) => entry.type !== 'unreadable' || entry.purpose !== 'tx'))) return undefined;
  const context = limitContext(connector);
  const leftBy = (profiles: readonly ChargingProfile[]): number | undefined =>
    limitAt(
      profiles.filter(({ purpose }) => purpose === 'tx-default'),
      context,
      at,
    )?.limitW;
  const open = log.flatMap((entry) => (isOpenSet(entry) ? [entry.profile] : []));
  const ways = possibilities(log.filter((entry) => !isOpenSet(entry))) ?? [];
  const shares = ways.flatMap(({ profiles }) => {
    const ownW = ownShareW(profiles, evseId);
    return ownW === undefined ? [] : Math.max(ownW, leftBy(profiles) ?? ownW);
  });
  if (shares.length === 0 || shares.length < ways.length) return undefined;
  return Math.max(...shares, ...open.map((profile) => leftBy([profile]) ?? 0));
};

const units: readonly RateUnit[] = ['A', 'W'];

/** Whether what a connector holds is what its share is written as, in either unit. */
const isAsWritten = (heldW: number, limitW: number, supply: Supply): boolean =>
  units.some((unit) => Math.abs(writtenRate({ limitW }, unit, supply).limitW - heldW) < 1);

/** The shares a station has to be sent: those it does not hold as they are. `live` are its connectors as they are known. */
export const fallbacksDue = (
  shares: readonly FallbackShare[],
  live: readonly Connector[],
  registered: readonly RegisteredConnector[],
): readonly FallbackShare[] =>
  shares.filter(({ evseId, limitW }) => {
    const supply = evseSupply(registered, evseId);
    const held = live.filter((connector) => connector.evseId === evseId).map(heldFallbackW);
    const isHeld = (heldW: number | undefined) =>
      heldW !== undefined && supply !== undefined && isAsWritten(heldW, limitW, supply);
    return held.length === 0 || !held.every(isHeld);
  });
