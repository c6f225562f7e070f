import { CLOCK_AHEAD_MS } from '../kernel/durations.ts';
import { rolledUpSeries } from './series/index.ts';
import type { InputName, LateData, Located, RolledUp, Series } from './series.ts';

/**
 * A piece of some roll-ups that must be computed again, because what they are computed from changed after they were (or may
 * have been) computed. `kind` is the `mark` of the series concerned, `startAt` the start of the piece.
 */
export type DirtyMark = { readonly kind: string; readonly key: string; readonly startAt: number };

/** What changed in the input of roll-ups, and the time it is about: [fromAt, toAt). */
export type LateChange = { readonly input: InputName; readonly fromAt: number; readonly toAt: number };

const isFresh = ({ freshMs }: LateData, { fromAt }: LateChange, now: number): boolean => fromAt >= now - freshMs;

const marksIn = ({ source }: Series<RolledUp>, connector: Located, change: LateChange, now: number): DirtyMark[] => {
  const { late, calendar, keys, showsRunning } = source;
  if (!source.inputs.includes(change.input) || isFresh(late, change, now)) return [];
  const { timeZone } = connector.place;
  const knownUntil = now + CLOCK_AHEAD_MS;
  // Exclusions say themselves how long they are, and legal reports of any year read them.
  const reachMs = change.input === 'exclusions' ? Number.POSITIVE_INFINITY : late.reachMs;
  const toAt = Math.max(change.fromAt + 1, Math.min(change.toAt, knownUntil, change.fromAt + reachMs));
  const begun = late.piece(timeZone, change.fromAt, toAt).filter(({ startAt }) => {
    // A piece none of whose windows is over will be computed when they are.
    const [first] = calendar(timeZone, startAt, startAt + 1);
    return showsRunning === true || (first !== undefined && first.endAt <= now);
  });
  const marked = new Set(keys(connector).map(({ mark }) => mark));
  return [...marked].flatMap((key) => begun.map(({ startAt }) => ({ kind: late.mark, key, startAt })));
};

/** The marks that a change of what is known about a connector leaves, for all series that are computed from it. */
export const marksLeftBy = (connector: Located, change: LateChange, now: number): DirtyMark[] =>
  distinctMarks(rolledUpSeries.flatMap((series) => marksIn(series, connector, change, now)));

/** Each mark once. */
export const distinctMarks = (marks: readonly DirtyMark[]): DirtyMark[] => [
  ...new Map(marks.map((mark) => [`${mark.kind}#${mark.key}#${mark.startAt}`, mark])).values(),
];
