import { z } from 'zod';
import { told } from '../world/told.ts';
import type { Invariant } from './invariant.ts';

const CommandDetail = z.looseObject({ id: z.string(), requestId: z.string().optional() });
/** How a command may end. */
const ended = ['CommandAccepted', 'CommandRejected', 'CommandTimedOut', 'CommandExpired'] as const;

export const commandsEnd: Invariant = {
  name: 'commands-end',
  about:
    'Every command that was asked for comes to one end, and the bus tells which; what nobody could take for minutes lies at the failure destination.',
  check: ({ asked, events, stack }) => {
    const keptAside = [...stack.deadLetters(), ...stack.parked().map(({ text }) => text)];
    const ends = new Map<string, Map<string, string>>();
    for (const { type, time, detail } of told(events, ended, CommandDetail)) {
      const { id, requestId = '' } = detail;
      const of = ends.get(requestId) ?? new Map();
      ends.set(requestId, of.set(id, `${type} ${id} at ${time}`));
    }
    return asked.flatMap((one) => {
      if (one.kind !== 'command') return [];
      const found = [...(ends.get(one.requestId)?.values() ?? [])];
      const isKeptAside = found.length === 0 && keptAside.some((text) => text.includes(`"${one.requestId}"`));
      if (found.length === 1 || isKeptAside) return [];
      const asked = `${one.action} ${one.requestId} of ${new Date(one.at).toISOString()}`;
      return [`${one.stationId}: ${asked} has ${found.length} ends: ${found.join(', ')}`];
    });
  },
};
