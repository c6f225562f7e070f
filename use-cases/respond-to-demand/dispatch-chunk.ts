import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { capProfiles, returnProfiles } from '../../domain/demand-response/cap-profiles.ts';
import { isOwed } from '../../domain/demand-response/is-owed.ts';
import type { StationAnswer } from '../../domain/demand-response/sent-cap.ts';
import { endFor, isEmergencyFor, type PlannedStation, type ZonePlan } from '../../domain/demand-response/zone-plan.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { MailboxStore, MailboxWithContact } from '../ports/commands/mailbox-store.ts';
import type { PlanChunk, PlanStore } from '../ports/demand-response/plan-store.ts';
import { CommandRefused, type RefusalCode } from '../send-command/command-refused.ts';
import { readAhead } from '../send-command/read-ahead.ts';
import type { Caller, RequestPorts } from '../send-command/request-command.ts';
import { setChargingProfile } from '../send-command/set-charging-profile.ts';
import { type TellCapsPorts, tellCaps } from './tell-caps.ts';

export type DispatchPorts = Omit<RequestPorts, 'mailboxes'> &
  TellCapsPorts & {
    readonly mailboxes: RequestPorts['mailboxes'] & Pick<MailboxStore, 'loadAllWithContact'>;
    readonly plans: PlanStore;
    /** Short text of a-z and digits that is the same for the same text, at most 20. */
    readonly digest: (text: string) => string;
  };

/** Stations that are asked for their mailboxes side by side, which are written in one request. */
const STATIONS_AT_ONCE = 10;
/** Requests of them under way. With all of them the first would come back little before the last, and a station waits for it. */
const WRITES_AT_ONCE = 8;
const caller: Caller = { by: 'demand response', role: 'operator', origin: 'internal' };

/** The profiles that a station is owed, and what they say. */
const due = (plan: ZonePlan, station: PlannedStation) => {
  const at = plan.decidedAt;
  const endAt = endFor(plan, station);
  if (endAt !== undefined && endAt > at) {
    const { capW } = station;
    const isEmergency = isEmergencyFor(plan, station);
    return { profiles: capProfiles(plan, station, at), capW, endAt, heldUntil: undefined, isEmergency };
  }
  // Over before its time: what it holds would last. At the end itself its profile lifts the limit without us.
  const { capW = station.capW, isEmergency = false, endAt: wasUntil = at, heldUntil } = station.sent ?? {};
  // A return that is sent again goes on where it is by now.
  const returnsAt = heldUntil === undefined ? at : wasUntil;
  return {
    profiles: returnProfiles({ ...station, capW }, plan.zoneId, isEmergency, returnsAt, at),
    capW,
    endAt: returnsAt,
    heldUntil: heldUntil ?? wasUntil,
    isEmergency,
  };
};

type Sending = { readonly answer: StationAnswer; readonly commandId?: string; readonly isRefusedForNow?: boolean };

/** Refusals of a moment: the same asked later may be taken. */
const momentary: readonly RefusalCode[] = ['QueueFull', 'RateLimited', 'RequestExpired'];

/** How many stations were sent something, and how many could not be. */
export type SentCount = { readonly sentCount: number; readonly refusedCount: number };

export const nothingSent: SentCount = { sentCount: 0, refusedCount: 0 };

/** A chunk of a plan with the mailboxes of its stations. */
export type OpenChunk = {
  readonly plan: ZonePlan;
  readonly stations: readonly PlannedStation[];
  readonly contacts: ReadonlyMap<string, MailboxWithContact>;
};

/**
 * Sends the stations of a chunk what the plan asks of them: as whoever planned it has `read` it, or as it is stored, unless the
 * plan has another revision by now. Sending a chunk again sends nothing twice: a command is known by its revision, and gives
 * way to newer decisions in the station's mailbox.
 */
export const dispatchChunk = (ports: DispatchPorts) => {
  const { plans, digest, mailboxes } = ports;
  const tell = tellCaps(ports);

  const opened = async (chunk: PlanChunk): Promise<OpenChunk | undefined> => {
    const found = await plans.loadChunk(chunk);
    if (found === undefined) return undefined;
    const owed = found.stations.filter((station) => isOwed(found.plan, station));
    return { ...found, contacts: await mailboxes.loadAllWithContact(owed.map(({ stationId }) => stationId)) };
  };

  const sendTo = async (
    set: ReturnType<typeof setChargingProfile>,
    plan: ZonePlan,
    station: PlannedStation,
  ): Promise<PlannedStation> => {
    const { profiles, capW, endAt, heldUntil, isEmergency } = due(plan, station);
    const { stationId, supply, abilities } = station;
    const sendOne = async (profile: (typeof profiles)[number], index: number): Promise<Sending> => {
      try {
        const record = await set(
          {
            stationId,
            profile,
            supply,
            ...omitUndefined({ abilities }),
            requestedAt: plan.decidedAt,
            version: plan.decidedAt,
            discriminator: digest(`${plan.zoneId}|${plan.rev}|${stationId}|${index}`),
            why: `demand response in ${plan.zoneId}`,
            ...(profile.validTo !== undefined && { expiresAt: profile.validTo }),
          },
          caller,
        );
        return { answer: 'sent', commandId: record.command.commandId };
      } catch (error) {
        if (!(error instanceof CommandRefused)) throw error;
        const { code } = error;
        const isRefusedForNow = momentary.includes(code);
        return { answer: code === 'StationOffline' ? 'unreachable' : 'refused', isRefusedForNow };
      }
    };
    const sendings: Sending[] = [];
    for (const [index, profile] of profiles.entries()) sendings.push(await sendOne(profile, index));
    const answer = sendings.find((one) => one.answer !== 'sent')?.answer ?? 'sent';
    const commandIds = sendings.flatMap(({ commandId }) => commandId ?? []);
    const isForGood = sendings.some((one) => one.answer !== 'sent' && one.isRefusedForNow !== true);
    const held = omitUndefined({ heldUntil: isForGood ? undefined : heldUntil, isEmergency: isEmergency || undefined });
    return { ...station, sent: { capW, endAt, answer, at: ports.system.clock(), commandIds, ...held } };
  };

  return async (chunk: PlanChunk, read?: OpenChunk): Promise<SentCount> => {
    const found = read ?? (await opened(chunk));
    if (found === undefined) return nothingSent;
    const { plan, stations, contacts } = found;
    const owed = stations.filter((station) => isOwed(plan, station));
    const set = setChargingProfile({ ...ports, mailboxes: readAhead(mailboxes, contacts) });
    const together = (some: readonly PlannedStation[]) =>
      Promise.all(some.map((station) => sendTo(set, plan, station)));
    const told = (await pMap(chunksOf(owed, STATIONS_AT_ONCE), together, { concurrency: WRITES_AT_ONCE })).flat();
    await tell(plan, told);
    const toldById = new Map(told.map((station) => [station.stationId, station]));
    const after = stations.map((station) => toldById.get(station.stationId) ?? station);
    if (told.length > 0) await plans.saveChunk(chunk, after);
    const sentCount = told.filter(({ sent }) => sent?.answer === 'sent').length;
    return { sentCount, refusedCount: told.length - sentCount };
  };
};
