import * as z from 'zod';
import { anyDiscriminator } from '../../domain/commands/command-id.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { argumentsOf, id, optional } from '../fields/arguments-of.ts';
import { Conflict, type FieldCaller, NotFound, NotPermitted } from '../ports/field.ts';
import { CommandRefused, type RefusalCode } from '../send-command/command-refused.ts';
import type { Caller, CommandOrder, RequestPorts } from '../send-command/request-command.ts';

/** What all mutations about commands have in common. */
const Order = z.object({
  stationId: id.min(1),
  why: optional(z.string().max(500)),
  confirm: optional(z.boolean()),
  expiresInSeconds: optional(z.number().int().min(1).max(86_400)),
  requestId: optional(z.string().min(1).max(200)),
});

export type OrderPorts = Pick<RequestPorts, 'system'> & {
  /** Short text of a-z and digits that is the same for the same text, at most 20. */
  readonly digest: (text: string) => string;
};

/** What the request could not know: the same one may be taken at another time. */
const conflicts: readonly RefusalCode[] = [
  'StationOffline',
  'StationRejected',
  'RequestExpired',
  'RateLimited',
  'QueueFull',
];

/** A refusal as the API's clients are told: by its kind, with its code as the cause. */
const told = (error: unknown): unknown => {
  if (!(error instanceof CommandRefused)) return error;
  if (error.code === 'UnknownStation') return new NotFound(error.message, { cause: error });
  if (error.code === 'NotPermitted') return new NotPermitted(error.message, { cause: error });
  return conflicts.includes(error.code) ? new Conflict(error.message, { cause: error }) : error;
};

/**
 * Reads what a client orders, for somebody from outside. A request with a name is told from all others of its caller by that.
 * Throws Rejected for what cannot be read.
 */
const orderOf = (
  args: unknown,
  { by }: FieldCaller,
  { digest, system: { clock, random } }: OrderPorts,
): CommandOrder => {
  const { stationId, why, confirm, expiresInSeconds, requestId } = argumentsOf(Order, args);
  const expiresAt = expiresInSeconds === undefined ? undefined : clock() + expiresInSeconds * 1_000;
  const name =
    requestId === undefined
      ? { discriminator: anyDiscriminator(random) }
      : { discriminator: digest(JSON.stringify([by, requestId])), isDistinct: true as const, requestId };
  return {
    stationId,
    ...name,
    confirm: confirm ?? false,
    ...omitUndefined({ why, expiresAt }),
  };
};

/** Takes an order of a client of the API. Throws NotFound, Conflict, NotPermitted or another Rejected for one that is not taken. */
export const takeOrder = async <Taken>(
  args: unknown,
  caller: FieldCaller,
  ports: OrderPorts,
  take: (order: CommandOrder, caller: Caller) => Promise<Taken>,
): Promise<Taken> => {
  try {
    return await take(orderOf(args, caller, ports), { ...caller, origin: 'outside' });
  } catch (error) {
    throw told(error);
  }
};
