import type { CommandRecord } from '../../domain/commands/command.ts';
import type { ChargingProfile, ProfileSelector } from '../../domain/kernel/charging-profile.ts';
import type { Supply } from '../../domain/profile/charging-rate.ts';
import { evseSupply } from '../../domain/profile/evse-supply.ts';
import { ownProfileId } from '../../domain/profile/own-profile-id.ts';
import { type ProfileAbilities, profileFaults, writtenProfile } from '../../domain/profile/written-profile.ts';
import { capabilitiesOf } from '../../domain/station/capability-record.ts';
import type { Payload } from '../../ocpp/payload.ts';
import { profileFormatOf } from '../../ocpp/profile-change-of.ts';
import { UnwritableProfile } from '../../ocpp/profile-format.ts';
import { CommandRefused } from './command-refused.ts';
import {
  type Caller,
  type CommandOrder,
  type KnownStation,
  placeCommand,
  type RequestPorts,
} from './request-command.ts';

/** Who asks for it, why, and how new the decision is: as for any command. `version` orders decisions about one place. */
type Order = Omit<CommandOrder, 'confirm'>;

/** A limit as it is asked for. */
export type AskedProfile = Omit<ChargingProfile, 'profileId' | 'stackLevel'> &
  Partial<Pick<ChargingProfile, 'stackLevel'>>;

/** Above the levels of our own loops (0 and 1), so that what an operator says holds; what a station takes at most bounds it. */
const OPERATORS_LEVEL = 2;

/** The level of what operators set at a station that takes levels up to `highest`, or any as far as it is known. */
export const operatorsLevel = (highest: number | undefined): number =>
  Math.min(OPERATORS_LEVEL, highest ?? OPERATORS_LEVEL);

/** A limit free of OCPP versions. Its id follows from its place. */
export type ProfileRequest = Order & {
  /** Without a stack level it gets the level of what operators set. */
  readonly profile: AskedProfile;
  /** How the EVSE is supplied; as it is registered if left out. */
  readonly supply?: Supply;
  /** What the station takes; as it told, if left out. What is not known is assumed to be taken. */
  readonly abilities?: ProfileAbilities;
  /** What a limit below the minimum of alternating current becomes; a pause if left out. */
  readonly below?: 'pause' | 'minimum';
};

const invalid = (reason: string) => new CommandRefused('InvalidProfile', reason);

const inWords = (action: string, write: () => Payload) => {
  try {
    const payload = write();
    return { action, payload, text: JSON.stringify(payload) };
  } catch (error) {
    if (error instanceof UnwritableProfile) throw invalid(error.message);
    throw error;
  }
};

/** The profile a station can be sent for a request, checked. Throws CommandRefused. */
const profileFor = (
  request: ProfileRequest,
  { connectors, capabilities }: KnownStation,
  now: number,
): ChargingProfile => {
  const { profile: asked, abilities = capabilitiesOf(capabilities), below = 'pause' } = request;
  const supply = request.supply ?? evseSupply(connectors, asked.evseId);
  if (supply === undefined) throw invalid(`No EVSE ${asked.evseId} is registered`);
  const placed = { ...asked, stackLevel: asked.stackLevel ?? operatorsLevel(abilities.maxStackLevel) };
  const identified = { ...placed, profileId: ownProfileId(placed) };
  const faults = profileFaults(identified, supply, abilities, now);
  if (faults.length > 0) throw invalid(faults.join('; '));
  const profile = writtenProfile(identified, supply, abilities, below);
  if (profile === undefined)
    throw invalid(`The station takes a ${supply.current} limit in none of ${abilities.rateUnits?.join(', ')}`);
  return profile;
};

/**
 * Sets a limit: checks it, puts it into the unit and the OCPP version of the station, and hands it to the station's mailbox,
 * where it gives way to newer decisions about the same place. For control loops (in-process) and for callers alike.
 * Throws CommandRefused, with code InvalidProfile where the profile itself is the reason.
 */
export const setChargingProfile = (ports: RequestPorts) => {
  const place = placeCommand(ports);
  return (request: ProfileRequest, caller: Caller): Promise<CommandRecord> => {
    const { profile: _, supply: __, abilities: ___, below: ____, ...order } = request;
    return place(
      order,
      (station) => {
        const profile = profileFor(request, station, ports.system.clock());
        return inWords('SetChargingProfile', () => profileFormatOf(station.ocpp).set(profile));
      },
      caller,
      true,
    );
  };
};

export type ClearProfileRequest = Order & {
  /** Where the limit was set; all that is set there by us. */
  readonly selector: ProfileSelector;
};

/** Takes limits away again, as `setChargingProfile` sets them. */
export const clearChargingProfile = (ports: RequestPorts) => {
  const place = placeCommand(ports);
  return ({ selector, ...order }: ClearProfileRequest, caller: Caller): Promise<CommandRecord> =>
    place(
      order,
      ({ ocpp }) => inWords('ClearChargingProfile', () => profileFormatOf(ocpp).clear(selector)),
      caller,
      true,
    );
};
