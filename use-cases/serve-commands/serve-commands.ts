import * as z from 'zod';
import { parseCommandPath } from '../../domain/commands/command-id.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { argumentsOf, id, optional, page } from '../fields/arguments-of.ts';
import type { MailboxStore } from '../ports/commands/mailbox-store.ts';
import { type Fields, permitted } from '../ports/field.ts';
import { awaitCommand } from '../send-command/await-command.ts';
import { requestCommand } from '../send-command/request-command.ts';
import { commandShown } from './command-shown.ts';
import { limitFields } from './limit-fields.ts';
import { type NeutralPorts, neutralFields } from './neutral-fields.ts';
import { takeOrder } from './take-order.ts';

export type ServeCommandsPorts = Omit<NeutralPorts, 'mailboxes'> & {
  readonly mailboxes: MailboxStore;
};

const Raw = z.object({
  action: z.string().min(1).max(50),
  payload: optional(z.string()),
  timeoutSeconds: optional(z.number().int().min(1)),
});
const One = z.object({ id, waitSeconds: optional(z.number().int().min(0).max(20)) });
const List = z.object({ stationId: id.min(1), ...page });

/** The API's fields about commands: operators send them, everybody reads how they stand. */
export const serveCommands = (ports: ServeCommandsPorts): Fields => {
  const request = requestCommand(ports);
  const wait = awaitCommand(ports);
  return {
    ...neutralFields(ports),
    ...limitFields(ports),
    sendCommand: async (args, caller) => {
      permitted(caller, 'operator', 'To send commands');
      const { action, payload, timeoutSeconds } = argumentsOf(Raw, args);
      const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1_000;
      return takeOrder(args, caller, ports, async (order, asks) => {
        const asked = { ...order, action, payload: payload ?? '{}', ...omitUndefined({ timeoutMs }) };
        const record = await request(asked, asks);
        return commandShown(order.stationId, record, caller);
      });
    },
    command: async (args, caller) => {
      const { id: named, waitSeconds } = argumentsOf(One, args);
      const path = parseCommandPath(named);
      const record = path && (await wait(path.stationId, path.commandId, (waitSeconds ?? 0) * 1_000));
      return path && record ? commandShown(path.stationId, record, caller) : null;
    },
    commands: async (args, caller) => {
      const { stationId, limit, nextToken } = argumentsOf(List, args);
      const { items, ...rest } = await ports.mailboxes.list(stationId, { limit, ...omitUndefined({ nextToken }) });
      return { items: items.map((record) => commandShown(stationId, record, caller)), ...rest };
    },
  };
};
