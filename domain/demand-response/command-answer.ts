import { type CommandRecord, isFinal } from '../commands/command.ts';
import { replaces } from '../commands/profile-slot.ts';
import { unreachable } from '../kernel/unreachable.ts';

/** How a station answered the command that carries its cap, and when, ms since the epoch. 'unreachable': it was never sent. */
export type CommandAnswer = {
  readonly answer: 'accepted' | 'rejected' | 'silent' | 'unreachable';
  readonly at: number;
};

/** The newest command about all that one sets: the one that took its place. */
const successorOf = ({ command }: CommandRecord, later: readonly CommandRecord[]): CommandRecord | undefined => {
  if (command.kind !== 'latest-wins') return undefined;
  const { decision } = command;
  return later
    .filter((one) => one.command.commandId !== command.commandId && one.state !== 'Superseded')
    .findLast((one) => one.command.kind === 'latest-wins' && replaces(one.command.decision, decision));
};

/**
 * What the record of a command says of its station; undefined while it is under way. One that was superseded says nothing: a
 * newer one took its place, and how the station took that one counts. `later` are the commands of the station that were asked
 * for after it, oldest first.
 */
export const commandAnswer = (
  record: CommandRecord,
  later: readonly CommandRecord[] = [],
): CommandAnswer | undefined => {
  const { state, at } = record;
  if (!isFinal(state)) return undefined;
  switch (state) {
    case 'Accepted':
      return { answer: 'accepted', at };
    case 'Rejected':
    case 'NotSupported':
    case 'Failed':
      return { answer: 'rejected', at };
    case 'TimedOut':
    case 'Unknown':
      return { answer: 'silent', at };
    // It waited in the mailbox until nobody waited for it any more: the station was not there.
    case 'Expired':
      return { answer: 'unreachable', at };
    case 'Superseded': {
      const successor = successorOf(record, later);
      return successor && commandAnswer(successor, later);
    }
    default:
      return unreachable(state);
  }
};
