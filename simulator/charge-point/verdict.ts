import type { Payload } from './message-queue.ts';

/** The answer most commands have: Accepted, or the word the command has for no. */
export const verdict = (accepted: boolean, otherwise = 'Rejected'): Payload => ({
  status: accepted ? 'Accepted' : otherwise,
});
