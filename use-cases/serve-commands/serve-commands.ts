import * as z from 'zod';
import type { CommandRecord } from '../../domain/commands/command.ts';
import { anyDiscriminator, commandPathOf, parseCommandPath } from '../../domain/commands/command-id.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { maySeeTags, withoutTags } from '../fields/without-tags.ts';
import type { MailboxStore } from '../ports/commands/mailbox-store.ts';
import { Conflict, type Fields, NotFound, NotPermitted, permitted } from '../ports/field.ts';
import { awaitCommand } from '../send-command/await-command.ts';
import {
  CommandRefused,
  type RefusalCode,
  type RequestPorts,
  requestCommand,
} from '../send-command/request-command.ts';

export type ServeCommandsPorts = Omit<RequestPorts, 'mailboxes'> & {
  readonly mailboxes: MailboxStore;
};

const Send = z.object({
  stationId: z.string().min(1),
  action: z.string().min(1).max(50),
  payload: z.string().nullish(),
  why: z.string().max(500).nullish(),
  confirm: z.boolean().nullish(),
  expiresInSeconds: z.number().int().min(1).max(86_400).nullish(),
});
const One = z.object({ id: z.string(), waitSeconds: z.number().int().min(0).max(20).nullish() });
const List = z.object({
  stationId: z.string().min(1),
  limit: z.number().int().min(1).max(100).nullish(),
  nextToken: z.string().nullish(),
});

const parsed = <T>(schema: z.ZodType<T>, args: unknown): T => {
  const { data, error } = schema.safeParse(args);
  if (error) throw new Rejected(z.prettifyError(error));
  return data;
};

/** What the request could not know: the same one may be taken at another time. */
const conflicts: readonly RefusalCode[] = [
  'StationOffline',
  'StationRejected',
  'RequestExpired',
  'RateLimited',
  'QueueFull',
];

const refusedAs = (error: unknown): unknown => {
  if (!(error instanceof CommandRefused)) return error;
  if (error.code === 'UnknownStation') return new NotFound(error.message, { cause: error });
  if (error.code === 'NotPermitted') return new NotPermitted(error.message, { cause: error });
  return conflicts.includes(error.code) ? new Conflict(error.message, { cause: error }) : error;
};

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

/** A command as the API shows it. */
const shown = (stationId: string, record: CommandRecord, showsTags: boolean) => {
  const { command, state, at, attempts, reason, reply, sentAt } = record;
  const text = showsTags ? (json: string) => json : withoutTags;
  return {
    id: commandPathOf(stationId, command.commandId),
    stationId,
    action: command.action,
    payload: text(command.payload),
    state,
    stateAt: iso(at),
    by: command.by,
    requestedAt: iso(command.requestedAt),
    expiresAt: iso(command.expiresAt),
    attempts,
    ...omitUndefined({ why: command.why, sentAt: iso(sentAt), reason, reply: reply && text(reply) }),
  };
};

/** The API's fields about commands: operators send them, everybody reads how they stand. */
export const serveCommands = (ports: ServeCommandsPorts): Fields => {
  const request = requestCommand(ports);
  const wait = awaitCommand(ports);
  return {
    sendCommand: async (args, caller) => {
      permitted(caller, 'operator', 'To send commands');
      const { stationId, action, payload, why, confirm, expiresInSeconds } = parsed(Send, args);
      const expiresAt = expiresInSeconds == null ? undefined : ports.system.clock() + expiresInSeconds * 1_000;
      try {
        const record = await request(
          {
            stationId,
            action,
            payload: payload ?? '{}',
            discriminator: anyDiscriminator(ports.system.random),
            confirm: confirm ?? false,
            ...omitUndefined({ why: why ?? undefined, expiresAt }),
          },
          { ...caller, origin: 'outside' },
        );
        return shown(stationId, record, true);
      } catch (error) {
        throw refusedAs(error);
      }
    },
    command: async (args, caller) => {
      const { id, waitSeconds } = parsed(One, args);
      const path = parseCommandPath(id);
      const record = path && (await wait(path.stationId, path.commandId, (waitSeconds ?? 0) * 1_000));
      return path && record ? shown(path.stationId, record, maySeeTags(caller)) : null;
    },
    commands: async (args, caller) => {
      const { stationId, limit, nextToken } = parsed(List, args);
      const page = { limit: limit ?? 50, ...omitUndefined({ nextToken: nextToken ?? undefined }) };
      const { items, ...rest } = await ports.mailboxes.list(stationId, page);
      return { items: items.map((record) => shown(stationId, record, maySeeTags(caller))), ...rest };
    },
  };
};
