import type { EndedCommand } from '../../domain/kernel/ended-command.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { factsOf } from '../../ocpp/facts-of.ts';
import { noon } from './station-days.ts';

/**
 * The facts of the end of a command of OCPP 1.6 to station S1 that was sent at an instant (ms since the epoch) and accepted at
 * once, unless said otherwise. Its id says the minute since noon.
 */
export const commandEnded = (
  sentAt: number,
  action: string,
  payload: object,
  over: { readonly [K in keyof EndedCommand]?: EndedCommand[K] | undefined } = {},
): readonly Fact[] => {
  const command = omitUndefined({
    commandId: `cmd-${Math.floor((sentAt - noon) / 60_000)}-${(sentAt - noon) % 60_000}`,
    action,
    ocpp: '1.6',
    payload: JSON.stringify(payload),
    state: 'Accepted',
    by: 'olga',
    origin: 'outside',
    requestedAt: sentAt,
    sentAt,
    reply: over.state === undefined ? '{"status":"Accepted"}' : undefined,
    ...over,
  }) as EndedCommand;
  return factsOf({ kind: 'command', stationId: 'S1', receivedAt: sentAt + 300, command }).facts;
};
