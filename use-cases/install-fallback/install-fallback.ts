import { type FallbackShare, fallbackProfile } from '../../domain/connector/fallback-profile.ts';
import { CommandRefused } from '../send-command/command-refused.ts';
import type { Caller, RequestPorts } from '../send-command/request-command.ts';
import { clearChargingProfile, setChargingProfile } from '../send-command/set-charging-profile.ts';

/** What a station is to fall back to. */
export type FallbackOrder = {
  readonly stationId: string;
  readonly shares: readonly FallbackShare[];
  /** Ids of profiles of ours to take away. */
  readonly released?: readonly number[];
  /** When this was decided, ms since the epoch: the order of the same instant is the same one. */
  readonly decidedAt: number;
  readonly why: string;
};

const ourselves: Caller = { by: 'wattstream', role: 'administrator', origin: 'internal' };

/**
 * Installs what a station falls back to: after it booted, as some stations forget their profiles, and when its share became
 * another one; and takes profiles away when its site is no longer controlled. A station that is offline gets it when it comes
 * back. Resolves to the shares that were taken into its mailbox; one that is refused is counted and left until the next boot.
 */
export const installFallback = (ports: RequestPorts) => {
  const set = setChargingProfile(ports);
  const clear = clearChargingProfile(ports);
  return async ({
    stationId,
    shares,
    released = [],
    decidedAt,
    why,
  }: FallbackOrder): Promise<readonly FallbackShare[]> => {
    for (const profileId of released) {
      const order = { stationId, requestedAt: decidedAt, version: decidedAt, why };
      const discriminator = `cl${profileId.toString(36)}`;
      try {
        await clear({ ...order, discriminator, selector: { profileId } }, ourselves);
      } catch (error) {
        if (!(error instanceof CommandRefused)) throw error;
        ports.warn('fallbackNotRemoved', { stationId, profileId, error: error.message });
      }
    }
    if (shares.length === 0) return [];
    const taken: FallbackShare[] = [];
    for (const share of shares) {
      const order = { stationId, requestedAt: decidedAt, version: decidedAt, why };
      const discriminator = `fb${share.evseId.toString(36)}`;
      try {
        await set({ ...order, discriminator, profile: fallbackProfile(share) }, ourselves);
        taken.push(share);
      } catch (error) {
        if (!(error instanceof CommandRefused)) throw error;
        ports.warn('fallbackNotInstalled', { stationId, evseId: share.evseId, error: error.message });
      }
    }
    return taken;
  };
};
