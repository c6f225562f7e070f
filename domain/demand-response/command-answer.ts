import { type CommandRecord, isFinal } from '../commands/command.ts';
import { unreachable } from '../kernel/unreachable.ts';

/** How a station answered the command that carries its cap, and when, ms since the epoch. */
export type CommandAnswer = { readonly answer: 'accepted' | 'rejected' | 'silent'; readonly at: number };

/** What the record of a command says of its station; undefined while it is under way. */
export const commandAnswer = ({ state, at }: CommandRecord): CommandAnswer | undefined => {
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
    case 'Superseded':
    case 'Expired':
      return { answer: 'silent', at };
    default:
      return unreachable(state);
  }
};
