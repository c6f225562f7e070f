import type { ChargingProfile, ProfileChange, ProfileSelector } from '../domain/kernel/charging-profile.ts';
import type { Payload } from './payload.ts';

/** How an OCPP version writes charging profiles: one per version, the same profile in each. */
export type ProfileFormat = {
  /**
   * The payload of SetChargingProfile. Its rates are in one unit and in steps of 0.1. Throws UnwritableProfile where the
   * version has no way to say it.
   */
  readonly set: (profile: ChargingProfile) => Payload;
  /** The payload of ClearChargingProfile. */
  readonly clear: (selector: ProfileSelector) => Payload;
  readonly readSet: (payload: Payload) => ProfileChange;
  /** Undefined for a request that clears nothing a CSMS could have set. */
  readonly readClear: (payload: Payload) => ProfileChange | undefined;
};

/** A version has no words for a profile. */
export class UnwritableProfile extends Error {
  override readonly name = 'UnwritableProfile';
}
