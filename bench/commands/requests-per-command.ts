import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreRequest } from '../../local/faults/fault-proxy.ts';
import { type CommandedStack, onCommandedStack } from './commanded-stack.ts';
import { followed, profileRound } from './profile-commands.ts';
import { gatewayUsd, requestUsd } from './request-usd.ts';

const STATIONS = 50;
const ROUNDS = 4;
const COMMANDS = ROUNDS * STATIONS;
/** Rounds lie so far apart that no request meets the answer to the one before: one of the two would write its mailbox again. */
const APART_MS = 2_000;
/** Wake-ups come at the deadline of a call, and are waited for: long after the commands, so that they are told apart. */
const TIMEOUT_MS = 30_000;
const WAKE_UP_MS = 33_000;

const posted = 'apigateway PostToConnection';
/** Marks requests that step a mailbox: asking, sending and settling take these; the rest follows. */
const OF_MAILBOX = ', mailbox';
const stepping = ['BatchGetItem', 'GetItem', 'PutItem', 'TransactWriteItems'];
/** Reads that the minute sweep makes whatever was commanded. */
const sweeping = ['dynamodb Query', 'dynamodb Scan', 'dynamodb GetItem'];

export type RequestsPerCommand = {
  /** AWS requests a command took, by service and operation. */
  readonly byName: readonly (readonly [name: string, perCommand: number])[];
  /** To ask for it, send it and settle it. */
  readonly ofCommand: number;
  /** The same where many are asked for together, as our own loops do. */
  readonly ofCommandTogether: number;
  /** For its outcome, its line in the timeline, the limit that follows from it. */
  readonly following: number;
  /** For the wake-up at its deadline, when it had been answered long since. */
  readonly ofWakeUp: number;
  readonly usd: number;
};

/** The requests that commands take, counted behind proxies on a stack of its own. */
export const requestsPerCommand = async (): Promise<RequestsPerCommand> => {
  let phase: 'connecting' | 'commanding' | 'waiting' | 'together' = 'connecting';
  const requests = new Map<string, number>();
  let together = 0;
  let wakeUps = 0;
  let usd = gatewayUsd * COMMANDS;
  /** The name of the table of mailboxes. */
  let table = '';
  const isOfCommand = (name: string): boolean => name === posted || name.endsWith(OF_MAILBOX);
  const count = (name: string): void => {
    if (phase === 'commanding') requests.set(name, (requests.get(name) ?? 0) + 1);
    if (phase === 'together' && isOfCommand(name)) together += 1;
  };
  const requested = (request: StoreRequest): void => {
    if (phase === 'connecting') return;
    const { service, operation, body } = request;
    const isStep = stepping.includes(operation) && body.includes(table);
    if (phase === 'waiting' && isStep) wakeUps += 1;
    count(`${service} ${operation}${isStep ? OF_MAILBOX : ''}`);
    if (phase === 'commanding' || (phase === 'waiting' && isStep)) usd += requestUsd(request);
  };
  await onCommandedStack(
    { stations: STATIONS, requested, posted: () => count(posted), timeoutMs: TIMEOUT_MS },
    async (commanded) => {
      const { stack, stations, askAll } = commanded;
      const { stationIds } = stations;
      table = String(stack.outputs.CommandsTable);
      const sendAll = async (askRound?: CommandedStack['askAll']): Promise<void> => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await profileRound(commanded, stationIds, 6 + round, askRound);
          await sleep(APART_MS);
        }
      };
      phase = 'commanding';
      await sendAll();
      await followed(commanded, stationIds, COMMANDS);
      phase = 'waiting';
      await sleep(WAKE_UP_MS);
      phase = 'together';
      await sendAll(askAll);
      phase = 'connecting';
    },
  );
  const byName = [...requests].map(([name, total]) => [name, total / COMMANDS] as const);
  const sumOf = (isMeant: (name: string) => boolean): number =>
    byName.filter(([name]) => isMeant(name)).reduce((sum, [, perCommand]) => sum + perCommand, 0);
  return {
    byName,
    ofCommand: sumOf(isOfCommand),
    ofCommandTogether: together / COMMANDS,
    following: sumOf((name) => !isOfCommand(name) && !sweeping.includes(name)),
    ofWakeUp: wakeUps / COMMANDS,
    usd: usd / COMMANDS,
  };
};
