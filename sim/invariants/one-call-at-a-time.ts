import { z } from 'zod';
import type { Invariant } from './invariant.ts';

const Message = z.tuple([z.number(), z.string()], z.unknown());

/** The shortest time-out of a command less what a line may delay. */
const LEAST_WAIT_MS = 9_000;

const read = (text: string): readonly unknown[] | undefined => {
  try {
    return Message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const oneCallAtATime: Invariant = {
  name: 'one-call-at-a-time',
  about:
    'No station is sent a call while another one waits for its answer on the same line, and no one-shot is sent twice.',
  check: ({ frames, posted, asked }) => {
    const problems: string[] = [];
    const outstanding = new Map<string, { readonly id: unknown; readonly at: number }>();
    const all = [...frames.filter(({ way }) => way === 'up'), ...posted].toSorted((a, b) => a.order - b.order);
    for (const { stationId, line, way, text, at } of all) {
      const [type, id] = read(text) ?? [];
      const place = `${stationId} ${line}`;
      const waiting = outstanding.get(place);
      if (way === 'up' && (type === 3 || type === 4) && waiting?.id === id) outstanding.delete(place);
      if (way !== 'down' || type !== 2) continue;
      if (waiting !== undefined && at - waiting.at < LEAST_WAIT_MS)
        problems.push(`${stationId}: call ${id} was sent ${at - waiting.at} ms after ${waiting.id}, which waits`);
      outstanding.set(place, { id, at });
    }
    for (const one of asked) {
      if (one.kind !== 'command' || !one.isOneShot) continue;
      const sent = posted.filter(
        ({ stationId, text }) =>
          stationId === one.stationId && text.includes(`"${one.requestId}"`) && text.startsWith('[2,'),
      );
      if (sent.length > 1) problems.push(`${one.stationId}: one-shot ${one.requestId} was sent ${sent.length} times`);
    }
    return problems;
  },
};
