import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { TagVerdict } from '../../ocpp/action.ts';
import type { ActiveTags, TagList } from '../ports/tag-list.ts';
import type { Start } from './starts-on.ts';

export type TagPorts = {
  readonly tagList: Pick<TagList, 'find'>;
  readonly activeTags: ActiveTags;
  /** What a tag that is not on the list gets. */
  readonly unknownTags: 'refuse' | 'accept';
};

/** Who presents the tags, when (ms since the epoch), and whether to start a transaction. */
export type Occasion = { readonly stationId: string; readonly now: number; readonly start: Start | undefined };

const listed = async (tag: string, now: number, { tagList, unknownTags }: TagPorts): Promise<TagVerdict> => {
  const entry = await tagList.find(tag);
  if (entry === undefined) return { status: unknownTags === 'accept' ? 'Accepted' : 'Invalid' };
  const { expiresAt, parentTag } = entry;
  const expired = entry.status === 'Accepted' && expiresAt !== undefined && expiresAt <= now;
  return omitUndefined({ status: expired ? 'Expired' : entry.status, expiresAt, parentTag });
};

/**
 * Whether the tag charges somewhere else. Both OCPP versions know ConcurrentTx for starts only. The connector that asks
 * does not count: it repeats a start we have seen already, or begins anew after a stop that got lost.
 */
const chargesElsewhere = async (tag: string, { stationId, start }: Occasion, ports: TagPorts): Promise<boolean> => {
  if (start === undefined) return false;
  const elsewhere = (place: { stationId: string; connectorKey: string }): boolean =>
    place.stationId !== stationId ||
    (start.evseId !== undefined && place.connectorKey.split('#')[0] !== String(start.evseId));
  return (await ports.activeTags.connectorsOf(tag)).some(elsewhere);
};

/** The verdict on each tag a call presents, ready to be asked for by tag. */
export const authorizeTags = async (
  tags: readonly string[],
  occasion: Occasion,
  ports: TagPorts,
): Promise<(tag: string) => TagVerdict> => {
  const verdictOn = async (tag: string): Promise<readonly [string, TagVerdict]> => {
    const verdict = await listed(tag, occasion.now, ports);
    const concurrent = verdict.status === 'Accepted' && (await chargesElsewhere(tag, occasion, ports));
    return [tag, concurrent ? { ...verdict, status: 'ConcurrentTx' } : verdict];
  };
  const verdicts = new Map(await Promise.all([...new Set(tags)].map(verdictOn)));
  return (tag) => {
    const verdict = verdicts.get(tag);
    if (verdict === undefined) throw new Error('A tag was asked for that the call does not name');
    return verdict;
  };
};
