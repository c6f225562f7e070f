import * as z from 'zod';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { commandIdOf } from '../../domain/commands/command-id.ts';
import { DETAIL_VERSION, type PublishedEvent } from '../../domain/events/published-event.ts';
import { QUARTER_HOUR_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { shortened } from '../../domain/kernel/shortened.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { BusEvent } from '../ports/commands/bus-event.ts';
import type { MailboxStore, RefusedRequest } from '../ports/commands/mailbox-store.ts';
import type { HeldRequest, WakeQueue } from '../ports/commands/wake-queue.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import { CommandRefused, MOST_REASON_CHARACTERS } from '../send-command/command-refused.ts';
import { type Caller, type CommandOrder, type RequestPorts, requestCommand } from '../send-command/request-command.ts';
import { clearChargingProfile, setChargingProfile } from '../send-command/set-charging-profile.ts';
import { Instant, RequestedClear, RequestedProfile } from './requested-profile.ts';

const common = {
  version: z.literal(1),
  id: z.string().min(1).max(200),
  time: Instant,
  stationId: z.string().min(1).max(48),
  why: z.string().max(500).optional(),
  expiresAt: Instant.optional(),
  confirm: z.boolean().optional(),
  decisionVersion: z.number().int().min(0).optional(),
};

/** A limit without the words of an OCPP version. */
const LimitDetail = z
  .object({ ...common, action: z.literal('SetChargingProfile'), profile: RequestedProfile })
  .transform(({ profile, ...rest }) => ({ ...rest, asks: { for: 'limit', profile } as const }));

/** Limits to be taken away, without the words of an OCPP version. */
const ClearDetail = z
  .object({ ...common, action: z.literal('ClearChargingProfile'), cleared: RequestedClear })
  .transform(({ cleared: selector, ...rest }) => ({ ...rest, asks: { for: 'no limit', selector } as const }));

/** A command in the words of the station's OCPP version. */
const CommandDetail = z
  .object({ ...common, action: z.string().min(1).max(50), payload: z.record(z.string(), z.unknown()).default({}) })
  .transform(({ payload, ...rest }) => ({ ...rest, asks: { for: 'command', payload } as const }));

type Detail = z.infer<typeof LimitDetail> | z.infer<typeof ClearDetail> | z.infer<typeof CommandDetail>;

/** Reads the detail of CommandRequested: the contract with whoever asks over the bus. */
const readDetail = (detail: unknown): z.ZodSafeParseResult<Detail> => {
  const { profile, cleared } = Object(detail);
  if (profile !== undefined) return LimitDetail.safeParse(detail);
  return cleared === undefined ? CommandDetail.safeParse(detail) : ClearDetail.safeParse(detail);
};

/** What has to be readable of a detail so that its caller can be told that the rest is not. */
const Nameable = z.object({
  id: common.id,
  stationId: common.stationId,
  time: Instant.optional().catch(undefined),
  action: z.string().min(1).max(50).catch('unknown'),
  why: common.why.catch(undefined),
});

/** Short text of a-z and digits that is the same for the same text, at most 20. */
type Digest = (text: string) => string;

export type AcceptPorts = Omit<RequestPorts, 'mailboxes'> & {
  readonly mailboxes: RequestPorts['mailboxes'] & Pick<MailboxStore, 'refuse'>;
  readonly bus: EventBus;
  readonly digest: Digest;
  readonly queue: Pick<WakeQueue, 'hold'>;
  /** Whether a store may take later what it failed at. */
  readonly isTransient: (error: unknown) => boolean;
  readonly warn: SampledWarning;
};

/** Sends what a detail asks for. */
const sender = (ports: AcceptPorts) => {
  const request = requestCommand(ports);
  const set = setChargingProfile(ports);
  const clear = clearChargingProfile(ports);
  return async ({ action, asks }: Detail, order: CommandOrder, caller: Caller): Promise<CommandRecord> => {
    switch (asks.for) {
      case 'limit':
        return set({ ...order, profile: asks.profile }, caller);
      case 'no limit':
        return clear({ ...order, selector: asks.selector }, caller);
      case 'command':
        return request({ ...order, action, payload: JSON.stringify(asks.payload) }, caller);
      default:
        return unreachable(asks);
    }
  };
};

/** A request as its caller knows it; the discriminator is made of its caller and id. */
type Named = {
  readonly stationId: string;
  readonly discriminator: string;
  readonly requestId: string;
  readonly action: string;
  readonly by: string;
  readonly why?: string;
};

/** How a request is read: what it asks for, of whom, and by whom. */
type Read = {
  readonly detail: Detail;
  readonly order: CommandOrder & { readonly requestedAt: number };
  readonly caller: Caller;
  readonly named: Named;
};

type Asker = Pick<BusEvent, 'source' | 'account'>;

const nameOf = ({ source, account }: Asker): string => `bus: ${account}/${source}`;

const namedOf = ({ id, stationId, action, why }: z.infer<typeof Nameable>, asker: Asker, digest: Digest): Named => ({
  ...{ stationId, action, requestId: id, by: nameOf(asker) },
  // A source may hold slashes, and so may an id.
  discriminator: digest(`${asker.account}/${encodeURIComponent(asker.source)}/${id}`),
  ...omitUndefined({ why }),
});

const readOf = (detail: Detail, asker: Asker, digest: Digest): Read => {
  const { id: requestId, time: requestedAt, stationId, confirm, why, expiresAt, decisionVersion } = detail;
  const named = namedOf(detail, asker, digest);
  return {
    detail,
    order: {
      ...{ stationId, requestedAt, requestId, discriminator: named.discriminator, isDistinct: true },
      ...omitUndefined({ confirm, why, expiresAt, version: decisionVersion }),
    },
    caller: { by: named.by, role: 'operator', origin: 'outside' },
    named,
  };
};

/** The end of a request that was not taken: nothing of it went on the wire, and nothing will. */
const notTaken = (
  { discriminator, ...named }: Named,
  { as: type, reason, at, requestedAt }: RefusedRequest,
): PublishedEvent => {
  const commandId = commandIdOf(requestedAt, discriminator);
  return {
    type,
    detail: {
      ...named,
      commandId,
      version: DETAIL_VERSION,
      id: `${named.stationId}/${commandId}/refused`,
      time: iso(at),
      receivedAt: iso(at),
      state: type === 'CommandExpired' ? 'Expired' : 'Refused',
      requestedAt: iso(requestedAt),
      reason,
    },
  };
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = QUARTER_HOUR_MS;
/** The next try comes when half as long has passed again as since the first. */
const pauseMs = (sinceMs: number): number => Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, sinceMs / 2));

/**
 * Takes a request from the bus. The same request delivered again is recognised by its source and id, and executed once; one
 * that is refused is answered with CommandRejected, and stays refused when it comes again. A detail that cannot be read is
 * answered so as well, as long as it names its request and a station; else it is counted and left, as nobody could be told.
 * While mailboxes are out of reach a request is held and tried again. Only its mailbox can say that it has expired, answered
 * with CommandExpired then: what is held may be the repeat of one that was taken, or was written by a try that seemed to fail.
 */
export const acceptRequest = (ports: AcceptPorts) => {
  const { bus, digest, queue, isTransient, mailboxes, system, warn } = ports;
  const send = sender(ports);

  const tell = async (named: Named, refused: RefusedRequest): Promise<void> => {
    const failed = await bus.put([notTaken(named, refused)]);
    if (failed.length > 0) throw new Error(`The end of ${named.requestId} is not on the bus`, { cause: failed });
  };

  /** Answers what cannot be read, as far as somebody could be told. */
  const tellUnread = async (event: BusEvent | HeldRequest, fault: z.ZodError): Promise<void> => {
    const reason = shortened(`MalformedRequest: ${z.prettifyError(fault)}`, MOST_REASON_CHARACTERS);
    warn('malformedCommandRequest', { source: event.source, error: reason });
    const { data: nameable } = Nameable.safeParse(event.detail);
    if (nameable === undefined) return;
    const putAt = 'heldSince' in event ? event.heldSince : event.at;
    const requestedAt = nameable.time ?? putAt;
    await tell(namedOf(nameable, event, digest), { requestedAt, as: 'CommandRejected', at: system.clock(), reason });
  };

  /** Sends what is asked for; resolves to the refusal of what is not taken, and never will be. */
  const attempt = async (
    { detail, order, caller, named }: Read,
    wasHeld: boolean,
  ): Promise<RefusedRequest | undefined> => {
    try {
      await send(detail, order, caller);
      return undefined;
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const as = wasHeld && error.code === 'RequestExpired' ? 'CommandExpired' : 'CommandRejected';
      const { requestedAt } = order;
      const refused = { requestedAt, at: system.clock(), as, reason: error.message } as const;
      return mailboxes.refuse(named.stationId, named.discriminator, refused);
    }
  };

  return async (event: BusEvent | HeldRequest): Promise<void> => {
    const { source, account, detail: unread } = event;
    const earlier = 'heldSince' in event ? event : undefined;
    const { data: detail, error: malformed } = readDetail(unread);
    if (malformed) return tellUnread(event, malformed);
    const request = readOf(detail, event, digest);
    let refused: RefusedRequest | undefined;
    try {
      refused = await attempt(request, earlier !== undefined);
    } catch (error) {
      if (!isTransient(error)) throw error;
      warn('requestNotTaken', { stationId: detail.stationId, error: String(error) });
      const now = system.clock();
      const heldSince = earlier?.heldSince ?? now;
      await queue.hold({ source, account, detail: unread, heldSince }, now + pauseMs(now - heldSince));
    }
    if (refused !== undefined) await tell(request.named, refused);
  };
};
