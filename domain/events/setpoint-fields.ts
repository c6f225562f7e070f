import type { ChargingProfile, ChargingSchedule } from '../kernel/charging-profile.ts';
import { iso } from '../kernel/iso.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ProfilesAccepted } from '../kernel/state-change.ts';

const startOf = (schedule: ChargingSchedule) =>
  schedule.kind === 'relative' ? {} : { startAt: iso(schedule.startAt) };

/** A charging profile as the bus tells it, and as a request over the bus asks for it: without OCPP version, instants as text. */
export const profileDetail = ({ schedule, validFrom, validTo, ...profile }: ChargingProfile) => {
  const { kind, periods, durationSec, minRate } = schedule;
  const recurring = schedule.kind === 'recurring' ? { every: schedule.every } : {};
  return {
    ...profile,
    ...omitUndefined({
      validFrom: validFrom === undefined ? undefined : iso(validFrom),
      validTo: validTo === undefined ? undefined : iso(validTo),
    }),
    schedule: { kind, ...startOf(schedule), ...recurring, ...omitUndefined({ durationSec, minRate }), periods },
  };
};

/** The fields of SetpointChanged; undefined where somebody else asked, who is told that the command was accepted. */
export const setpointFields = (accepted: ProfilesAccepted): Readonly<Record<string, unknown>> | undefined => {
  const { change, origin, commandId, by, why, ocpp, payload } = accepted;
  if (origin !== 'internal' || change.type === 'unreadable') return undefined;
  const what =
    change.type === 'set'
      ? { evseId: change.profile.evseId, profile: profileDetail(change.profile) }
      : { ...omitUndefined({ evseId: change.selector.evseId }), cleared: change.selector };
  return { ...what, commandId, by, ...omitUndefined({ why }), ocpp, payload };
};
