import type { OrderedMark } from '../../domain/history/connector-history.ts';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import type { Timeline } from '../../use-cases/ports/timeline.ts';

/** Marks before a range that are given with it at least: more where all of these were told late. */
const LOOK_BACK = 12;

const inOrder = (a: OrderedMark, b: OrderedMark): number => a.at - b.at || a.rev - b.rev || a.ordinal - b.ordinal;

/** A timeline in memory: what the table holds after the same writes. Lists are not paged. */
export const timelineInMemory = () => {
  const entries = new Map<string, TimelineEntry>();
  const marks = new Map<string, OrderedMark>();
  const ofConnector = (connector: string): OrderedMark[] =>
    [...marks.values()].filter((mark) => mark.connector === connector).sort(inOrder);
  const store: Timeline = {
    put: async (some, someMarks) => {
      for (const entry of some) entries.set(`${entry.subject}|${entry.at}|${entry.id}`, entry);
      for (const mark of someMarks) marks.set(`${mark.connector}|${mark.at}|${mark.rev}|${mark.ordinal}`, mark);
    },
    list: async (subject, { fromAt, toAt }, { limit, newestFirst }) => {
      const found = [...entries.values()]
        .filter((entry) => entry.subject === subject && entry.at >= fromAt && entry.at < toAt)
        .sort((a, b) => a.at - b.at);
      return { items: (newestFirst === true ? found.reverse() : found).slice(0, limit) };
    },
    marks: async (connector, fromAt, toAt) => {
      const known = ofConnector(connector).filter(({ at }) => at < toAt);
      const inside = known.filter(({ at }) => at >= fromAt);
      const before = known.slice(0, known.length - inside.length);
      const lastLive = before.findLastIndex(({ backfilled }) => backfilled !== true);
      return [...before.slice(Math.max(0, Math.min(lastLive, before.length - LOOK_BACK))), ...inside].map(
        ({ at, status, backfilled }) => ({ at, status, ...(backfilled === true ? { backfilled } : {}) }),
      );
    },
    nextMarkAt: async (connector, at) => ofConnector(connector).find((mark) => mark.at > at)?.at,
  };
  return { store, entries, marks };
};
