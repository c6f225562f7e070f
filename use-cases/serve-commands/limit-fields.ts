import * as z from 'zod';
import type { CommandRecord } from '../../domain/commands/command.ts';
import type {
  ChargingProfile,
  ChargingSchedule,
  ProfilePurpose,
  SchedulePeriod,
} from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { Supply } from '../../domain/profile/charging-rate.ts';
import { evseSupply, supplyOf } from '../../domain/profile/evse-supply.ts';
import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { capabilitiesOf } from '../../domain/station/capability-record.ts';
import type { Station } from '../../domain/station/station.ts';
import type { Payload } from '../../ocpp/payload.ts';
import { argumentsOf, id, instant, optional } from '../fields/arguments-of.ts';
import { type FieldCaller, type Fields, permitted } from '../ports/field.ts';
import { clearChargingProfile, operatorsLevel, setChargingProfile } from '../send-command/set-charging-profile.ts';
import { commandShown } from './command-shown.ts';
import { doubtsAbout } from './doubts-about.ts';
import type { NeutralPorts } from './neutral-fields.ts';
import { takeOrder } from './take-order.ts';

const phases = optional(z.union([z.literal(1), z.literal(2), z.literal(3)]));
const limitW = optional(z.number().min(0));
const limitA = optional(z.number().min(0));
const rate = { limitW, limitA, phases };
const Place = z.object({
  stationId: id.min(1),
  evseId: z.number().int(),
  purpose: optional(z.enum(['stationMax', 'txDefault', 'tx'])),
  stackLevel: optional(z.number().int()),
});
const Limit = Place.extend({
  ...rate,
  periods: optional(z.array(z.object({ startSec: z.number().int(), ...rate })).min(1)),
  transactionId: optional(z.string().min(1)),
  startAt: optional(instant),
  every: optional(z.enum(['day', 'week'])),
  durationSec: optional(z.number().int()),
  validFrom: optional(instant),
  validTo: optional(instant),
});
type Limit = z.infer<typeof Limit>;

const purposes: Record<'stationMax' | 'txDefault' | 'tx', ProfilePurpose> = {
  stationMax: 'station-max',
  txDefault: 'tx-default',
  tx: 'tx',
};

const placeOf = ({ evseId, purpose, stackLevel }: z.infer<typeof Place>, highest: number | undefined) => ({
  evseId,
  purpose: purposes[purpose ?? (evseId === 0 ? 'stationMax' : 'txDefault')],
  stackLevel: stackLevel ?? operatorsLevel(highest),
});

const periodOf = (
  startSec: number,
  { limitW, limitA, phases }: Pick<Limit, 'limitW' | 'limitA' | 'phases'>,
): SchedulePeriod => {
  const more = { startSec, ...omitUndefined({ phases }) };
  if (limitW !== undefined && limitA === undefined) return { ...more, limitW };
  if (limitA !== undefined && limitW === undefined) return { ...more, limitA };
  throw new Rejected('Give a limit in W or in A: limitW, limitA or periods with one of them each');
};

const scheduleOf = (limit: Limit, now: number): ChargingSchedule => {
  const { periods, startAt = Math.floor(now / 1_000) * 1_000, every, durationSec } = limit;
  if (periods !== undefined && (limit.limitW ?? limit.limitA ?? limit.phases) !== undefined)
    throw new Rejected('Give one limit or periods, not both');
  const steps = periods?.map(({ startSec, ...step }) => periodOf(startSec, step)) ?? [periodOf(0, limit)];
  const start =
    every === undefined ? { kind: 'absolute' as const, startAt } : { kind: 'recurring' as const, every, startAt };
  return { ...start, periods: steps, ...omitUndefined({ durationSec }) };
};

const profileOf = (limit: Limit, highest: number | undefined, now: number): Omit<ChargingProfile, 'profileId'> => {
  const { transactionId, validFrom, validTo } = limit;
  return {
    ...placeOf(limit, highest),
    schedule: scheduleOf(limit, now),
    ...omitUndefined({ transactionId, validFrom, validTo }),
  };
};

/** How an EVSE is supplied; one that is not registered as OCPP assumes, on three phases: the station judges it then. */
const supplyAt = (evseId: number, connectors: readonly RegisteredConnector[]): Supply =>
  evseSupply(connectors, evseId) ?? supplyOf({ connectorType: '', ratedW: 0 });

/** Limits of power or current in terms that are the same for all OCPP versions. */
export const limitFields = (ports: NeutralPorts): Fields => {
  const { stations, system } = ports;
  const set = setChargingProfile(ports);
  const clear = clearChargingProfile(ports);
  const shownTo = (caller: FieldCaller, record: CommandRecord, args: Payload, station: Station) => {
    const taken = { action: record.command.action, args, feature: 'SmartCharging' as const };
    return {
      ...commandShown(String(args.stationId), record, caller),
      warnings: doubtsAbout(taken, station, system.clock()),
    };
  };
  return {
    setLimit: async (args, caller) => {
      permitted(caller, 'operator', 'To set limits');
      const limit = argumentsOf(Limit, args);
      const station = (await stations.find(limit.stationId)) ?? {};
      return takeOrder(args, caller, ports, async (order, asks) => {
        const { maxStackLevel } = capabilitiesOf(station.state?.capabilities);
        const profile = profileOf(limit, maxStackLevel, system.clock());
        const supply = supplyAt(limit.evseId, station.registration?.connectors ?? []);
        const record = await set({ ...order, profile, supply }, asks);
        return shownTo(caller, record, args, station);
      });
    },
    clearLimit: async (args, caller) => {
      permitted(caller, 'operator', 'To clear limits');
      const place = argumentsOf(Place, args);
      const station = (await stations.find(place.stationId)) ?? {};
      return takeOrder(args, caller, ports, async (order, asks) => {
        const { maxStackLevel } = capabilitiesOf(station.state?.capabilities);
        const record = await clear({ ...order, selector: placeOf(place, maxStackLevel) }, asks);
        return shownTo(caller, record, args, station);
      });
    },
  };
};
