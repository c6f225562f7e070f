import type { Clock } from '../clock.ts';

/** A bar on stderr, and nothing where the output is no terminal. */
export type Progress = { readonly step: (what: string, done: number, of: number) => void; readonly clear: () => void };

const width = 30;

export const progress = (stream: NodeJS.WriteStream, clock: Pick<Clock, 'elapsedMs'>): Progress => {
  let shownAt = 0;
  return {
    step: (what, done, of) => {
      const now = clock.elapsedMs();
      if (!stream.isTTY || (now - shownAt < 100 && done < of)) return;
      shownAt = now;
      const filled = of === 0 ? width : Math.round((width * done) / of);
      stream.write(`\r\u001b[K${what} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${of}`);
    },
    clear: () => {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
};
