import type { System } from '../../async/system.ts';
import { within } from '../../async/within.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { TagVerdict } from '../../ocpp/action.ts';
import type { TagQuestion } from '../../ocpp/answer.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { ActiveTags, Tag, TagList } from '../ports/tag-list.ts';

export type TagPorts = {
  readonly tagList: Pick<TagList, 'find'>;
  readonly activeTags: ActiveTags;
  /** What a tag that is not on the list gets, and every tag while the list cannot be asked. */
  readonly unknownTags: 'refuse' | 'accept';
  readonly sleep: System['sleep'];
  readonly warn: SampledWarning;
};

/** A driver waits for the answer, and the charger for its next message: a table has this long to say something. */
const TABLE_WITHIN_MS = 1_000;

/** What the list says of a tag at an instant (ms). */
const listedVerdict = (entry: Tag | undefined, at: number, unknownTags: TagPorts['unknownTags']): TagVerdict => {
  if (entry === undefined) return { status: unknownTags === 'accept' ? 'Accepted' : 'Invalid' };
  const { expiresAt, parentTag } = entry;
  const expired = entry.status === 'Accepted' && expiresAt !== undefined && expiresAt <= at;
  return { status: expired ? 'Expired' : entry.status, ...omitUndefined({ expiresAt, parentTag }) };
};

/**
 * How many connectors the tag charges at besides the one that asks: that one repeats a start we have seen already, or
 * begins anew after a stop that got lost. An EVSE that is not named may be any of its station's.
 */
const chargingElsewhere = async (
  tag: string,
  starts: NonNullable<TagQuestion['starts']>,
  stationId: string,
  activeTags: ActiveTags,
): Promise<number> => {
  const places = await activeTags.connectorsOf(tag);
  return places.filter(
    (place) =>
      place.stationId !== stationId ||
      (starts.evseId !== undefined && place.connectorKey.split('#')[0] !== String(starts.evseId)),
  ).length;
};

/**
 * Whether a tag may charge. Both OCPP versions know ConcurrentTx for starts only; a start told after the fact is not held
 * against what runs now. An outage must not lose what is already happening: while the list cannot be asked, the stage's
 * policy for unknown tags answers; while running sessions cannot be, the list alone. Both are marked `unverified`.
 */
export const authorizeTag = async (
  { tag, at, isReplay, starts }: TagQuestion,
  stationId: string,
  { tagList, activeTags, unknownTags, sleep, warn }: TagPorts,
): Promise<TagVerdict> => {
  const unlessOut = async <Told, Else>(table: string, told: Promise<Told>, otherwise: Else): Promise<Told | Else> => {
    try {
      return await within(told, TABLE_WITHIN_MS, sleep);
    } catch (error) {
      warn('tagNotVerified', { stationId, table, error: String(error) });
      return otherwise;
    }
  };
  const isJudgedByNow = starts !== undefined && !isReplay;
  const [entry, elsewhere] = await Promise.all([
    unlessOut('tags', tagList.find(tag), 'out' as const),
    isJudgedByNow ? unlessOut('connectors', chargingElsewhere(tag, starts, stationId, activeTags), 'out' as const) : 0,
  ]);
  if (entry === 'out') return { status: unknownTags === 'accept' ? 'Accepted' : 'Invalid', unverified: true };
  const verdict = listedVerdict(entry, at, unknownTags);
  if (verdict.status !== 'Accepted') return verdict;
  if (elsewhere === 'out') return { ...verdict, unverified: true };
  return elsewhere >= (entry?.maxSessions ?? 1) ? { ...verdict, status: 'ConcurrentTx' } : verdict;
};
