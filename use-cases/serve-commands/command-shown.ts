import type { CommandRecord } from '../../domain/commands/command.ts';
import { commandPathOf } from '../../domain/commands/command-id.ts';
import { withoutSecrets } from '../../domain/commands/without-secrets.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { maySeeTags, textWithoutTags, withoutTags } from '../fields/without-tags.ts';
import type { FieldCaller } from '../ports/field.ts';

/** A command as the API shows it. Records of earlier versions may hold secrets. */
export const commandShown = (stationId: string, record: CommandRecord, caller: FieldCaller) => {
  const { command, state, at, attempts, reason, reply, sentAt } = record;
  const text = (json: string): string =>
    maySeeTags(caller) ? withoutSecrets(json) : withoutTags(withoutSecrets(json));
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
    ...omitUndefined({
      why: command.why,
      sentAt: sentAt === undefined ? undefined : iso(sentAt),
      reason: reason && (maySeeTags(caller) ? withoutSecrets(reason) : textWithoutTags(withoutSecrets(reason))),
      reply: reply && text(reply),
    }),
  };
};
