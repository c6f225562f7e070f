import { type ChargingProfile, profilePurposes } from '../kernel/charging-profile.ts';

/**
 * Ids of the charging profiles that are written here: 2,000,000,000 to 2,099,999,999. Others leave this range alone; a
 * profile id that an operator chooses is below it.
 */
export const OWN_IDS = { from: 2_000_000_000, to: 2_099_999_999 } as const;

const PER_PURPOSE = 10_000_000;
const PER_LEVEL = 10_000;

/** Stack levels that have ids of their own. OCPP lets stations take fewer. */
export const HIGHEST_OWN_LEVEL = PER_PURPOSE / PER_LEVEL - 1;

export const isOwnProfileId = (profileId: number): boolean => profileId >= OWN_IDS.from && profileId <= OWN_IDS.to;

/**
 * The id of a profile that is written here: always the same in the same place, as a station may refuse another id where it
 * holds a profile (OCPP 2.0.1, K01.FR.39).
 */
export const ownProfileId = ({
  purpose,
  stackLevel,
  evseId,
}: Pick<ChargingProfile, 'purpose' | 'stackLevel' | 'evseId'>): number =>
  OWN_IDS.from + profilePurposes.indexOf(purpose) * PER_PURPOSE + stackLevel * PER_LEVEL + evseId;
