import { z } from 'zod';
import type { Invariant } from './invariant.ts';

const CommandEnded = z.looseObject({
  'detail-type': z.enum(['CommandAccepted', 'CommandRejected', 'CommandTimedOut', 'CommandExpired']),
  detail: z.looseObject({ id: z.string(), requestId: z.string(), state: z.string().optional() }),
});

export const commandsEnd: Invariant = {
  name: 'commands-end',
  about:
    'Every command that was asked for comes to one end, and the bus tells which; what nobody could take for minutes lies at the failure destination.',
  check: ({ asked, events, stack }) => {
    const keptAside = [...stack.deadLetters(), ...stack.parked().map(({ text }) => text)];
    const ends = new Map<string, Set<string>>();
    for (const event of events) {
      const { success, data } = CommandEnded.safeParse(event);
      if (!success) continue;
      const of = ends.get(data.detail.requestId) ?? new Set();
      ends.set(data.detail.requestId, of.add(data.detail.id));
    }
    return asked.flatMap((one) => {
      if (one.kind !== 'command') return [];
      const { size } = ends.get(one.requestId) ?? new Set();
      const isKeptAside = size === 0 && keptAside.some((text) => text.includes(`"${one.requestId}"`));
      return size === 1 || isKeptAside ? [] : [`${one.stationId} ${one.action} ${one.requestId} has ${size} ends`];
    });
  },
};
