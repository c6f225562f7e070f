import { type Action, otherMessage } from '../../action.ts';

/** Rejected: we read no event streams; the same values come as NotifyEvent and MeterValues. */
export const openPeriodicEventStream: Action = {
  name: 'OpenPeriodicEventStream',
  respond: () => ({ status: 'Rejected' }),
  facts: (_payload, { received }) => [
    otherMessage(received, 'OpenPeriodicEventStream', 'Periodic event stream offered'),
  ],
};
