import * as z from 'zod';
import { commandIdOf } from '../../domain/commands/command-id.ts';
import { DETAIL_VERSION, iso, type PublishedEvent } from '../../domain/events/event.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { BusEvent } from '../ports/commands/bus-event.ts';
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

export type AcceptPorts = RequestPorts & {
  readonly bus: EventBus;
  /** Short text of a-z and digits that is the same for the same text, at most 20. */
  readonly digest: (text: string) => string;
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

/** The refusal of a request, told to whoever asked: nothing of it was sent. */
const refusal = (detail: Detail, commandId: string, by: string, error: CommandRefused, at: number): PublishedEvent => {
  const { stationId, action, id: requestId, time, why } = detail;
  return {
    type: 'CommandRejected',
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
      state: 'Refused',
      by,
      requestedAt: iso(time),
      reason: error.message,
      ...omitUndefined({ why }),
    },
  };
};

/**
 * Takes a request from the bus. The same request delivered again is recognised by its source and id, and executed once; one
 * that is refused is answered with CommandRejected. A detail that is none of ours is counted and left: nobody could be told.
 */
export const acceptRequest = (ports: AcceptPorts) => {
  const { bus, digest, system, warn } = ports;
  const send = sender(ports);
  return async ({ source, account, detail: unread }: BusEvent): Promise<void> => {
    const { data: detail, error: malformed } = Detail.safeParse(unread);
    if (malformed) return warn('malformedCommandRequest', { source, error: z.prettifyError(malformed) });
    const { id: requestId, time: requestedAt, stationId, confirm, why, expiresAt, decisionVersion } = detail;
    const discriminator = digest(`${account}/${source}/${requestId}`);
    const caller: Caller = { by: `bus: ${account}/${source}`, role: 'operator', origin: 'outside' };
    const order: CommandOrder = {
      stationId,
      requestedAt,
      discriminator,
      requestId,
      ...omitUndefined({ confirm, why, expiresAt, version: decisionVersion }),
    };
    try {
      await send(detail, order, caller);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const commandId = commandIdOf(requestedAt, discriminator);
      const failed = await bus.put([refusal(detail, commandId, caller.by, error, system.clock())]);
      if (failed.length > 0) throw new Error(`The refusal of ${requestId} is not on the bus`, { cause: failed });
    }
  };
};
