/** An entry of the list of tags a station may let in by itself; no status: the tag is to be taken off the list. */
export type ListEntry = { readonly tag: string; readonly status: string | undefined };

export type LocalList = {
  readonly version: () => number;
  /** How many tags it has. */
  readonly size: () => number;
  /** 'VersionMismatch': an update that is not newer than the list. */
  readonly update: (
    kind: 'Full' | 'Differential',
    version: number,
    entries: readonly ListEntry[],
  ) => 'Accepted' | 'Failed' | 'VersionMismatch';
  /** What the list says of a tag. */
  readonly statusOf: (tag: string) => string | undefined;
};

/** The local authorization list of a station, empty at first; it takes at most so many tags. Tags are compared without case. */
export const localList = (capacity: number): LocalList => {
  let version = 0;
  let statuses = new Map<string, string>();
  return {
    version: () => version,
    size: () => statuses.size,
    update: (kind, next, entries) => {
      if (next <= 0) return 'Failed';
      if (kind === 'Differential' && next <= version) return 'VersionMismatch';
      const updated = new Map(kind === 'Full' ? [] : statuses);
      for (const { tag, status } of entries)
        if (status === undefined) updated.delete(tag.toLowerCase());
        else updated.set(tag.toLowerCase(), status);
      if (updated.size > capacity) return 'Failed';
      [version, statuses] = [next, updated];
      return 'Accepted';
    },
    statusOf: (tag) => statuses.get(tag.toLowerCase()),
  };
};
