/** What happened in a run, in its order: two runs are the same if their hashes are. */
export type Trace = {
  /** Something happened. */
  readonly note: (line: string) => void;
  /** 16 hexadecimal digits over all lines with their instants. */
  readonly hash: () => string;
  /** The lines, if they are kept; else none. */
  readonly lines: () => readonly string[];
};

/** The frames of a failure in a line of a log. */
const FRAMES = /"stack":\[(?:"(?:[^"\\]|\\.)*",?)*\]/g;

/** A trace of a run. What tells where the project lies on this machine, the frames of failures, has no part in the hash. Lines are kept only where somebody wants to read them: a run has millions. */
export const trace = (now: () => number, isKept: boolean): Trace => {
  const lines: string[] = [];
  // FNV-1a twice, from two starts: fast, and 64 bits are enough to tell runs apart.
  let [one, other] = [0x811c9dc5, 0x01000193];
  let lastAt = Number.NaN;
  const add = (text: string): void => {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      one = Math.imul(one ^ code, 0x01000193);
      other = Math.imul(other ^ code, 0x5bd1e995);
    }
  };
  return {
    note: (line) => {
      const at = now();
      if (at !== lastAt) add(String(at));
      lastAt = at;
      add(line.includes('"stack":[') ? line.replace(FRAMES, '') : line);
      if (isKept) lines.push(`${new Date(at).toISOString()} ${line}`);
    },
    hash: () => [one, other].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
    lines: () => lines,
  };
};
