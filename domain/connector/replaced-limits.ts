import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Connector } from './connector.ts';
import { limitWAt } from './connector-limit-at.ts';

/** Meter values are judged within minutes of when they were read, and setpoints seldom change more often than every minute. */
const MOST_REPLACED = 8;

/** A connector whose profiles a command changed that was sent at `sentAt`, with the limit that held before. */
export const withReplacedLimit = (before: Connector, after: Connector, sentAt: number): Connector => {
  const known = before.replacedLimits ?? [];
  const last = known.at(-1);
  if (before.profiles === after.profiles || sentAt <= (last?.untilAt ?? 0)) return after;
  const limitW = limitWAt(before, sentAt);
  const earlier = last !== undefined && last.limitW === limitW ? known.slice(0, -1) : known;
  const replaced = { untilAt: sentAt, ...omitUndefined({ limitW }) };
  return { ...after, replacedLimits: [...earlier, replaced].slice(-MOST_REPLACED) };
};

/** The limits that held in [fromAt, toAt], W, in order; undefined stands for times without one, or of which none is known. */
export const limitsBetween = (connector: Connector, fromAt: number, toAt: number): readonly (number | undefined)[] => {
  const replaced = connector.replacedLimits ?? [];
  const [first] = replaced;
  const last = replaced.at(-1);
  const present = (at: number): readonly (number | undefined)[] => [limitWAt(connector, at), limitWAt(connector, toAt)];
  if (first === undefined || last === undefined) {
    // Earlier versions kept nothing of what a command replaced.
    const isKnown = (connector.profiles ?? []).every(({ sentAt }) => sentAt <= fromAt);
    return isKnown ? present(fromAt) : [undefined];
  }
  const isForgotten = replaced.length === MOST_REPLACED && fromAt < first.untilAt;
  const begun = replaced.filter(
    ({ untilAt }, index) => untilAt > fromAt && (replaced[index - 1]?.untilAt ?? 0) <= toAt,
  );
  return [
    ...(isForgotten ? [undefined] : []),
    ...begun.map(({ limitW }) => limitW),
    ...(last.untilAt <= toAt ? present(Math.max(fromAt, last.untilAt)) : []),
  ];
};

/** The least that a connector was limited to in [fromAt, toAt], W, as far as is known; infinite where nothing limited it. */
export const leastLimitW = (connector: Connector, fromAt: number, toAt: number): number =>
  Math.min(
    limitWAt(connector, toAt) ?? Number.POSITIVE_INFINITY,
    ...limitsBetween(connector, fromAt, toAt).map((limitW) => limitW ?? Number.POSITIVE_INFINITY),
  );
