import type { ChargingProfile, ProfilePurpose } from './charging-profile.ts';

/** A profile as it is installed; EVSE 0 is the station as a whole. */
export type InstalledProfile = { readonly evseId: number; readonly profile: ChargingProfile };

const sameSlot = (one: InstalledProfile, other: InstalledProfile): boolean =>
  one.profile.profileId === other.profile.profileId ||
  (one.evseId === other.evseId &&
    one.profile.purpose === other.profile.purpose &&
    one.profile.stackLevel === other.profile.stackLevel &&
    one.profile.transactionId === other.profile.transactionId);

/** A new profile takes the place of the one with its id, or with its EVSE, purpose and stack level (OCPP 1.6 5.16, 2.0.1 K01.FR.05). */
export const withProfile = (installed: readonly InstalledProfile[], added: InstalledProfile): InstalledProfile[] => [
  ...installed.filter((one) => !sameSlot(one, added)),
  added,
];

/** Which profiles a command means: those that meet every criterion that is given. */
export type ProfileCriteria = {
  readonly profileIds: readonly number[] | undefined;
  /** 0 means those of the station as a whole. */
  readonly evseId: number | undefined;
  readonly purpose: ProfilePurpose | undefined;
  readonly stackLevel: number | undefined;
};

/** Whether a profile is meant. */
export const isMeant = (
  { profileIds, evseId, purpose, stackLevel }: ProfileCriteria,
  installed: InstalledProfile,
): boolean =>
  (profileIds === undefined || profileIds.includes(installed.profile.profileId)) &&
  (evseId === undefined || evseId === installed.evseId) &&
  (purpose === undefined || purpose === installed.profile.purpose) &&
  (stackLevel === undefined || stackLevel === installed.profile.stackLevel);
