import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';
import type { Clock } from '../../simulator/clock.ts';
import type { Random } from '../../simulator/random.ts';
import { storedDeflate, storedInflate } from './stored-deflate.ts';
import { uuidFrom } from './virtual-time.ts';

type Write = (line: string) => void;

/**
 * Puts virtual time and seeded chance in the place of the global clock, timers and random numbers, for libraries that take
 * none, and hands what is written to the console and to the output to `write`. Compression is left out: it costs most and proves nothing.
 * Returns how to put everything back.
 */
export const replaceGlobals = (clock: Clock, chance: Random, write: Write): (() => void) => {
  const draws = chance.fork('globals');
  const RealDate = globalThis.Date;
  class VirtualDate extends RealDate {
    constructor(...parts: readonly unknown[]) {
      super(...((parts.length === 0 ? [clock.now()] : parts) as [number]));
    }
    static override now(): number {
      return clock.now();
    }
  }
  const timers = new Map<number, () => void>();
  let count = 0;
  const setTimer = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): number => {
    count += 1;
    const timer = count;
    timers.set(
      timer,
      clock.after(delayMs, () => {
        timers.delete(timer);
        run(...args);
      }),
    );
    return timer;
  };
  const clearTimer = (timer: number): void => {
    timers.get(timer)?.();
    timers.delete(timer);
  };
  const setEvery = (run: () => void, delayMs: number): number => {
    const timer = setTimer(() => {
      timers.set(timer, clock.after(delayMs, again));
      run();
    }, delayMs);
    const again = (): void => {
      timers.set(timer, clock.after(delayMs, again));
      run();
    };
    return timer;
  };
  const written = (...parts: readonly unknown[]): void => write(parts.map(String).join(' '));
  // Metrics go past the console.
  const streamed = (text: unknown): boolean => {
    write(String(text).trimEnd());
    return true;
  };

  const replaced: readonly (readonly [object: object, name: string, value: unknown])[] = [
    [globalThis, 'Date', VirtualDate],
    [globalThis, 'setTimeout', setTimer],
    [globalThis, 'clearTimeout', clearTimer],
    [globalThis, 'setInterval', setEvery],
    [globalThis, 'clearInterval', clearTimer],
    [Math, 'random', draws.next],
    [performance, 'now', clock.elapsedMs],
    [crypto, 'randomUUID', () => uuidFrom(draws)],
    [crypto, 'getRandomValues', (bytes: Uint8Array) => bytes.map(() => draws.integer(0, 255))],
    [process.stdout, 'write', streamed],
    [zlib, 'deflateRawSync', storedDeflate],
    [zlib, 'inflateRawSync', storedInflate],
    ...(['log', 'info', 'warn', 'error'] as const).map((name) => [console, name, written] as const),
  ];
  const before = replaced.map(([object, name]) => Object.getOwnPropertyDescriptor(object, name));
  for (const [object, name, value] of replaced)
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  // Modules that imported a function of Node by its name see the new one, too.
  syncBuiltinESMExports();
  return () => {
    for (const [index, [object, name]] of replaced.entries()) {
      const descriptor = before[index];
      if (descriptor === undefined) Reflect.deleteProperty(object, name);
      else Object.defineProperty(object, name, descriptor);
    }
    syncBuiltinESMExports();
  };
};
