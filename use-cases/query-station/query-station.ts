import * as z from 'zod';
import type { Command } from '../../domain/commands/command.ts';
import type { MailboxState } from '../../domain/commands/mailbox-state.ts';
import type { ProfilePurpose } from '../../domain/kernel/charging-profile.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { capabilitiesOf } from '../../domain/station/capability-record.ts';
import {
  isReservationId,
  type ReservationRecord,
  type ReservationState,
  reservationStateAt,
} from '../../domain/station/reservation-record.ts';
import { reservationAsked } from '../../ocpp/command-facts.ts';
import { isPayload } from '../../ocpp/payload.ts';
import { argumentsOf } from '../fields/arguments-of.ts';
import { maySeeTags, textWithoutTags } from '../fields/without-tags.ts';
import type { MailboxStore } from '../ports/commands/mailbox-store.ts';
import type { StationItems } from '../ports/commands/station-items.ts';
import type { Fields } from '../ports/field.ts';

export type QueryStationPorts = {
  readonly stations: StationItems;
  readonly mailboxes: Pick<MailboxStore, 'load'>;
  readonly system: { readonly clock: () => number };
};

const Arguments = z.object({ stationId: z.string().min(1).max(48) });

/** Purposes by the names the API has for them. */
const purposeNames: Record<ProfilePurpose, string> = {
  'station-max': 'stationMax',
  'tx-default': 'txDefault',
  tx: 'tx',
};

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

/** A reservation as the API shows it, with the tag for those who may see it. */
type Shown = {
  readonly reservationId: number;
  readonly state: ReservationState;
  readonly evseId?: number;
  readonly tag?: string;
  readonly requestedAt?: number;
  readonly expiresAt?: number;
  readonly endedAt?: number;
  readonly transactionId?: string;
  readonly reason?: string;
};

const shownRecord = (record: ReservationRecord, now: number): Shown => {
  const { reservationId, request, end } = record;
  const state = reservationStateAt(record, now);
  const isOver = state === 'Used' || state === 'Cancelled' || (state === 'Expired' && end?.how === 'Expired');
  return {
    reservationId,
    state,
    ...omitUndefined({
      evseId: (state === 'Used' ? end?.evseId : undefined) ?? request?.evseId,
      tag: request?.tag,
      requestedAt: request?.requestedAt,
      expiresAt: request?.expiresAt,
      endedAt: isOver ? end?.at : state === 'Expired' ? request?.expiresAt : undefined,
      transactionId: state === 'Used' ? end?.transactionId : undefined,
      reason: state === 'Rejected' ? request?.reason : undefined,
    }),
  };
};

const openCommands = ({ queue, outstanding }: MailboxState): readonly Command[] =>
  [outstanding, ...queue].flatMap((waiting) => (waiting === undefined ? [] : [waiting.command]));

/** Reservations that are asked for and not answered yet: their commands are still in the mailbox. */
const requestedIn = (mailbox: MailboxState): readonly Shown[] =>
  openCommands(mailbox).flatMap(({ action, ocpp, payload, requestedAt }) => {
    const request: unknown = action === 'ReserveNow' ? JSON.parse(payload) : undefined;
    const asked = isPayload(request) ? reservationAsked(ocpp, request) : undefined;
    if (asked === undefined || !isReservationId(asked.reservationId)) return [];
    return [{ ...asked, state: 'Requested', requestedAt } as const];
  });

/** What the station holds stays what it shows while another request for its number is under way. */
const withRequested = (known: readonly Shown[], requested: readonly Shown[]): readonly Shown[] => {
  const isHeld = ({ reservationId }: Shown): boolean =>
    known.some((one) => one.reservationId === reservationId && one.state === 'Active');
  const isAsked = ({ reservationId }: Shown): boolean => requested.some((one) => one.reservationId === reservationId);
  return [
    ...known.filter((one) => one.state === 'Active' || !isAsked(one)),
    ...requested.filter((one) => !isHeld(one)),
  ].toSorted((a, b) => a.reservationId - b.reservationId);
};

/** The API's fields about what is known of one station: its abilities and its reservations. Null for one nobody registered. */
export const queryStation = ({ stations, mailboxes, system }: QueryStationPorts): Fields => ({
  capabilities: async (args) => {
    const { stationId } = argumentsOf(Arguments, args);
    const station = await stations.find(stationId);
    if (station === undefined) return null;
    const { toldAt, evsePhases = {}, refusedPurposes, ...known } = capabilitiesOf(station.state?.capabilities);
    return {
      stationId,
      ...known,
      refusedPurposes: refusedPurposes.map((purpose) => purposeNames[purpose]),
      ...omitUndefined({ toldAt: iso(toldAt) }),
      evsePhases: Object.entries(evsePhases).map(([evseId, phases]) => ({ evseId: Number(evseId), phases })),
    };
  },
  reservations: async (args, caller) => {
    const { stationId } = argumentsOf(Arguments, args);
    const [station, mailbox] = await Promise.all([stations.find(stationId), mailboxes.load(stationId)]);
    if (station === undefined) return null;
    const now = system.clock();
    const known = (station.state?.reservations ?? []).map((record) => shownRecord(record, now));
    const seesTags = maySeeTags(caller);
    return withRequested(known, requestedIn(mailbox)).map(
      ({ tag, reason, requestedAt, expiresAt, endedAt, ...plain }) => ({
        id: `${stationId}/${plain.reservationId}`,
        stationId,
        ...plain,
        ...omitUndefined({
          tag: seesTags ? tag : undefined,
          reason: reason && (seesTags ? reason : textWithoutTags(reason)),
          requestedAt: iso(requestedAt),
          expiresAt: iso(expiresAt),
          endedAt: iso(endedAt),
        }),
      }),
    );
  },
});
