import { dueAt } from '../../domain/commands/mailbox-state.ts';
import type { StationConnection } from '../ports/commands/mailbox-store.ts';
import { dispatch, type MailboxPorts, readWithContact, stepMailbox } from './step-mailbox.ts';

/** What happens to a mailbox without a request or an answer. Every function sends what is to be sent next. */
export const wakeMailbox = (ports: MailboxPorts) => ({
  /** Time has passed: ends what is overdue. Resolves to when time will next change something, ms since the epoch. */
  woken: async (stationId: string): Promise<number | undefined> => {
    const step = await stepMailbox(ports, stationId, {
      read: readWithContact(ports, stationId),
      event: () => ({ type: 'woken' }),
    });
    await dispatch(ports, stationId, step);
    return dueAt(step.state);
  },

  /**
   * A connection was opened: what was sent on an older one gets no answer any more. Nothing is sent on it yet; what waits is,
   * when it is woken.
   */
  connected: async (stationId: string, connection: StationConnection): Promise<void> => {
    await stepMailbox(ports, stationId, {
      read: async () => ({ mailbox: await ports.mailboxes.load(stationId), connection }),
      event: () => ({ type: 'connected' }),
    });
  },

  /** A connection was closed. */
  disconnected: async (stationId: string, connectionId: string): Promise<void> => {
    const step = await stepMailbox(ports, stationId, {
      read: readWithContact(ports, stationId, connectionId),
      event: () => ({ type: 'disconnected', connectionId }),
    });
    await dispatch(ports, stationId, step);
  },
});

export type WakeMailbox = ReturnType<typeof wakeMailbox>;
