import type { Occurrence, StationRule } from '../rule.ts';
import { stationEventOf } from '../station-event.ts';

/** Told once, however many commands fail meanwhile: the last failure is in the detail. */
export const commandFailed: StationRule = {
  name: 'command-failed',
  subject: 'station',
  severity: 'warning',
  driven: 'change',
  about:
    'Raised when a station refuses a command, answers it with an error or not at all; clears an hour after the last failure.',
  occur: ({ changes }) =>
    changes.flatMap((change): readonly Occurrence[] => {
      const event = stationEventOf(change);
      if (event?.kind !== 'commandFailed') return [];
      const { failure } = event;
      const { id, at, receivedAt } = change;
      return [{ id, at, receivedAt, summary: `Command failed: ${failure}`, detail: { failure } }];
    }),
  holdMs: ({ commandHoldMs }) => commandHoldMs,
};
