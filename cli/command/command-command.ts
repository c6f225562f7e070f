import { parseArgs } from 'node:util';
import type { System } from '../../async/system.ts';
import { type CommandRecord, isFinal } from '../../domain/commands/command.ts';
import { commandPathOf } from '../../domain/commands/command-id.ts';
import { withoutSecrets } from '../../domain/commands/without-secrets.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { MailboxStore } from '../../use-cases/ports/commands/mailbox-store.ts';
import { awaitCommand } from '../../use-cases/send-command/await-command.ts';
import { CommandRefused } from '../../use-cases/send-command/command-refused.ts';
import { type RequestPorts, requestCommand } from '../../use-cases/send-command/request-command.ts';
import { onlyFlags } from '../command-line/command-and-subject.ts';
import { Problem } from '../command-line/problem.ts';

export const commandUsage = `Usage: npm run command -- STATION ACTION [PAYLOAD] [--wait] [--confirm] [--why TEXT] [--expires SECONDS] [--timeout SECONDS] [--stage dev|prod]
       npm run command -- STATION [--stage dev|prod]
Sends any OCPP operation to a station, PAYLOAD as it is (JSON, default {}); without ACTION lists the last commands.
  --wait      waits for the outcome; anything but Accepted is a failure
  --confirm   for what is grave: a hard reset, new firmware
  --expires   not to be sent any more after this many seconds
  --timeout   seconds the station has to answer, where that is less than usual for the action
Without --stage the stack that runs on this machine is meant.`;

/** Reads the flags of the command. Throws node's own error for one it does not know. */
export const commandFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      wait: { type: 'boolean' },
      confirm: { type: 'boolean' },
      why: { type: 'string' },
      expires: { type: 'string' },
      timeout: { type: 'string' },
      help: { type: 'boolean' },
    },
  });

export type CommandPorts = Omit<RequestPorts, 'mailboxes'> & {
  readonly mailboxes: MailboxStore;
  readonly system: System;
  /** Who sits at the keyboard. */
  readonly user: string;
  /** Tells requests of one millisecond apart. */
  readonly discriminator: string;
};

/** How long after its last instant a command's end may be told: the minute's sweep looks for what nobody answered. */
const TOLD_WITHIN_MS = 120_000;
const LISTED = 20;

/** Records of earlier versions may hold secrets. */
const shown = (stationId: string, { command, state, reason, reply, at }: CommandRecord): string =>
  [
    new Date(at).toISOString(),
    commandPathOf(stationId, command.commandId),
    command.action,
    state,
    ...[reason, reply].filter((text) => text !== undefined).map(withoutSecrets),
  ].join('\t');

const millisecondsOf = (flag: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0)) throw new Problem(`--${flag} "${text}" is no number of seconds`);
  return seconds * 1_000;
};

/** Sends one command, or lists a station's last ones. Whoever has the rights of the stack's tables may do everything. */
export const commandCommand = async (
  argv: readonly string[],
  ports: CommandPorts,
  print: (line: string) => void,
): Promise<void> => {
  const { values, positionals } = commandFlags(argv);
  const [stationId = '', action, payload = '{}', stray] = positionals;
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many: quote the payload\n\n${commandUsage}`);
  if (stationId.trim() === '') throw new Problem(`Which station?\n\n${commandUsage}`);
  if (action === undefined) {
    onlyFlags('command without an ACTION', values, [], commandUsage);
    const { items } = await ports.mailboxes.list(stationId, { limit: LISTED });
    if (items.length === 0) return print(`No command was sent to ${stationId}, or none is kept.`);
    for (const record of items) print(shown(stationId, record));
    return;
  }
  const { discriminator, system, user } = ports;
  const lifeMs = millisecondsOf('expires', values.expires);
  const timeoutMs = millisecondsOf('timeout', values.timeout);
  const expiresAt = lifeMs === undefined ? undefined : system.clock() + lifeMs;
  const { wait = false, confirm = false, why } = values;
  const request = {
    stationId,
    action,
    payload,
    discriminator,
    confirm,
    ...omitUndefined({ why, expiresAt, timeoutMs }),
  };
  const taken = await requestCommand(ports)(request, {
    by: `command line: ${user}`,
    role: 'administrator',
    origin: 'outside',
  }).catch((error: unknown) => {
    throw error instanceof CommandRefused ? new Problem(error.message) : error;
  });
  const { commandId } = taken.command;
  const { expiresAt: sentBy, timeoutMs: answeredWithinMs } = taken.command;
  const forMs = sentBy - system.clock() + answeredWithinMs + TOLD_WITHIN_MS;
  const record = wait ? await awaitCommand(ports)(stationId, commandId, forMs) : taken;
  print(shown(stationId, record ?? taken));
  if (wait && record !== undefined && !isFinal(record.state))
    throw new Problem(`${action} has not ended: ${record.state}`);
  if (wait && record?.state !== 'Accepted')
    throw new Problem(`${action} was not accepted: ${record?.state ?? 'no record'}`);
  if (isFinal(taken.state) && taken.state !== 'Accepted') throw new Problem(`${action} is ${taken.state}`);
};
