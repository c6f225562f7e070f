import * as z from 'zod';
import { commandIdOf } from '../../domain/commands/command-id.ts';
import { DETAIL_VERSION, iso, type PublishedEvent } from '../../domain/events/event.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { BusEvent } from '../ports/commands/bus-event.ts';
import type { MailboxStore, RefusedRequest } from '../ports/commands/mailbox-store.ts';
import type { HeldRequest, WakeQueue } from '../ports/commands/wake-queue.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import {
  type Caller,
  type CommandOrder,
  CommandRefused,
  type RequestPorts,
  requestCommand,
} from '../send-command/request-command.ts';
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

/**
 * The detail of CommandRequested: the contract with whoever asks over the bus. A command in the words of the station's OCPP
 * version (`payload`), or a limit without them (`profile`, `cleared`).
 */
const Detail = z.union([
  z
    .object({ ...common, action: z.literal('SetChargingProfile'), profile: RequestedProfile })
    .transform(({ profile, ...rest }) => ({ ...rest, asks: { for: 'limit', profile } as const })),
  z
    .object({ ...common, action: z.literal('ClearChargingProfile'), cleared: RequestedClear })
    .transform(({ cleared: selector, ...rest }) => ({ ...rest, asks: { for: 'no limit', selector } as const })),
  z
    .object({
      ...common,
      action: z.string().min(1).max(50),
      payload: z.record(z.string(), z.unknown()).default({}),
      profile: z.undefined().optional(),
      cleared: z.undefined().optional(),
    })
    .transform(({ payload, ...rest }) => ({ ...rest, asks: { for: 'command', payload } as const })),
]);
type Detail = z.infer<typeof Detail>;

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
  return async ({ action, asks }: Detail, order: CommandOrder, caller: Caller): Promise<unknown> => {
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

/** How a request is read: what it asks for, of whom, and by whom. */
type Read = {
  readonly detail: Detail;
  readonly order: CommandOrder & { readonly requestedAt: number };
  readonly caller: Caller;
};

const readOf = (detail: Detail, { source, account }: Pick<BusEvent, 'source' | 'account'>, digest: Digest): Read => {
  const { id: requestId, time: requestedAt, stationId, confirm, why, expiresAt, decisionVersion } = detail;
  return {
    detail,
    order: {
      stationId,
      requestedAt,
      discriminator: digest(`${account}/${source}/${requestId}`),
      requestId,
      ...omitUndefined({ confirm, why, expiresAt, version: decisionVersion }),
    },
    caller: { by: `bus: ${account}/${source}`, role: 'operator', origin: 'outside' },
  };
};

/** The end of a request that was not taken: nothing of it went on the wire, and nothing will. */
const notTaken = ({ detail, order, caller }: Read, { as: type, reason, at }: RefusedRequest): PublishedEvent => {
  const { stationId, action, id: requestId, why } = detail;
  const commandId = commandIdOf(order.requestedAt, order.discriminator);
  return {
    type,
    at,
    detail: {
      version: DETAIL_VERSION,
      id: `${stationId}/${commandId}/refused`,
      time: iso(at),
      receivedAt: iso(at),
      stationId,
      commandId,
      requestId,
      action,
      state: type === 'CommandExpired' ? 'Expired' : 'Refused',
      by: caller.by,
      requestedAt: iso(order.requestedAt),
      reason,
      ...omitUndefined({ why }),
    },
  };
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** The next try comes when half as long has passed again as since the first. */
const pauseMs = (sinceMs: number): number => Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, sinceMs / 2));

/**
 * Takes a request from the bus. The same request delivered again is recognised by its source and id, and executed once; one
 * that is refused is answered with CommandRejected, and stays refused when it comes again. A detail that is none of ours is
 * counted and left: nobody could be told.
 * While mailboxes are out of reach a request is held and tried again. Only its mailbox can say that it has expired, answered
 * with CommandExpired then: what is held may be the repeat of one that was taken, or was written by a try that seemed to fail.
 */
export const acceptRequest = (ports: AcceptPorts) => {
  const { bus, digest, queue, isTransient, mailboxes, system, warn } = ports;
  const send = sender(ports);

  const tell = async (request: Read, refused: RefusedRequest): Promise<void> => {
    const failed = await bus.put([notTaken(request, refused)]);
    if (failed.length > 0)
      throw new Error(`The end of ${request.order.requestId} is not on the bus`, { cause: failed });
  };

  /** Sends what is asked for; resolves to the refusal of what is not taken, and never will be. */
  const attempt = async ({ detail, order, caller }: Read, wasHeld: boolean): Promise<RefusedRequest | undefined> => {
    try {
      await send(detail, order, caller);
      return undefined;
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const as = wasHeld && error.code === 'RequestExpired' ? 'CommandExpired' : 'CommandRejected';
      const commandId = commandIdOf(order.requestedAt, order.discriminator);
      return mailboxes.refuse(order.stationId, commandId, { at: system.clock(), as, reason: error.message });
    }
  };

  return async (event: BusEvent | HeldRequest): Promise<void> => {
    const { source, account, detail: unread } = event;
    const earlier = 'heldSince' in event ? event : undefined;
    const { data: detail, error: malformed } = Detail.safeParse(unread);
    if (malformed) return warn('malformedCommandRequest', { source, error: z.prettifyError(malformed) });
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
    if (refused !== undefined) await tell(request, refused);
  };
};
