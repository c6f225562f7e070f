import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../../domain/kernel/durations.ts';
import type { Share } from '../../../domain/windows/share.ts';
import { concludeWindows } from '../../../use-cases/roll-up-windows/conclude-windows.ts';
import type { SegmentWindows } from '../../../use-cases/roll-up-windows/segment-windows.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../../fakes/dirty-marks.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';
import { timelineInMemory } from '../../fakes/timeline.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const noon = Date.parse('2026-11-01T12:00:00Z');

/** The load of a site in the minute before `now`, as one of two segments knows it. */
const share = (now: number): Share => ({
  series: 'site_load_1m',
  key: 'harbour',
  timeZone: 'Europe/London',
  mark: 'harbour',
  isQuiet: false,
  rows: [
    {
      row: {
        series: 'site_load_1m',
        key: 'harbour',
        startAt: now - MINUTE_MS,
        version: now,
        measures: { energyWh: 100 },
        labels: {},
      },
      isEmpty: false,
    },
  ],
});

const report = (now: number, live: readonly Share[]): SegmentWindows => ({
  doneUntil: { load: now, uptime: now },
  live,
  marked: 0,
  again: [],
  done: [],
  left: [],
  failed: [],
});

it('takes no segment for further with shares that were lost: who cannot be read next must find them again', async () => {
  const windows = windowStoreInMemory();
  const progress = sweepProgressInMemory();
  let now = noon;
  const begin = concludeWindows({
    windows: windows.store,
    sessions: sessionsInMemory().store,
    timeline: timelineInMemory().store,
    exclusions: async () => [],
    dirty: dirtyMarksInMemory(() => now).store,
    progress,
    clock: () => now,
    warn: () => undefined,
  });
  const swept = async () => {
    const { conclude } = await begin(now, 2);
    await conclude([report(now, [share(now)]), report(now, [])]);
  };
  await swept();
  now += MINUTE_MS;
  windows.fail(1);
  await expect(swept()).rejects.toThrow('out of reach');
  expect(await progress.read()).toEqual({
    whole: { load: noon },
    segments: [
      { load: noon, uptime: now },
      { load: noon, uptime: now },
    ],
  });
});
