import { tagKey } from '../../aws/dynamodb/tag-list.ts';
import type { Tag, TagList } from '../../use-cases/ports/tag-list.ts';

/** A tag list in memory, for tests. */
export const fakeTagList = (...given: readonly Tag[]): TagList => {
  const tags = new Map(given.map((tag) => [tagKey(tag.tag), { ...tag, tag: tagKey(tag.tag) }]));
  return {
    find: async (tag) => tags.get(tagKey(tag)),
    put: async (tag) => {
      tags.set(tagKey(tag.tag), { ...tag, tag: tagKey(tag.tag) });
    },
    list: async () => [...tags.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1)),
    remove: async (tag) => tags.delete(tagKey(tag)),
  };
};
