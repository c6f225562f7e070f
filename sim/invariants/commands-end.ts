import { z } from 'zod';
import type { Invariant } from './invariant.ts';

const CommandEnded = z.looseObject({
  'detail-type': z.enum(['CommandAccepted', 'CommandRejected', 'CommandTimedOut', 'CommandExpired']),
  time: z.string(),
  detail: z.looseObject({ id: z.string(), requestId: z.string(), state: z.string().optional() }),
});

export const commandsEnd: Invariant = {
  name: 'commands-end',
  about:
    'Every command that was asked for comes to one end, and the bus tells which; what nobody could take for minutes lies at the failure destination.',
  check: ({ asked, events, stack }) => {
    const keptAside = [...stack.deadLetters(), ...stack.parked().map(({ text }) => text)];
    const ends = new Map<string, Map<string, string>>();
    for (const event of events) {
      const { success, data } = CommandEnded.safeParse(event);
      if (!success) continue;
      const { 'detail-type': type, time, detail } = data;
      const of = ends.get(detail.requestId) ?? new Map();
      ends.set(detail.requestId, of.set(detail.id, `${type} ${detail.id} at ${time}`));
    }
    return asked.flatMap((one) => {
      if (one.kind !== 'command') return [];
      const told = [...(ends.get(one.requestId)?.values() ?? [])];
      const isKeptAside = told.length === 0 && keptAside.some((text) => text.includes(`"${one.requestId}"`));
      if (told.length === 1 || isKeptAside) return [];
      const asked = `${one.action} ${one.requestId} of ${new Date(one.at).toISOString()}`;
      return [`${one.stationId}: ${asked} has ${told.length} ends: ${told.join(', ')}`];
    });
  },
};
