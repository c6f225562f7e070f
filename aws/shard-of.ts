/**
 * Which of `shards` parts of a list an entry is in, 0 to shards - 1: always the same, and about as many entries in each. Part of
 * the stored format: a reader asks for the parts by their numbers.
 */
export const shardOf = (name: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  // FNV-1a: its low bits alone follow the last characters too closely.
  return ((hash ^ (hash >>> 15)) >>> 0) % shards;
};
