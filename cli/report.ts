#!/usr/bin/env node
import { userInfo } from 'node:os';
import { dirtyMarks } from '../aws/dynamodb/dirty-marks.ts';
import { exclusionSettings } from '../aws/dynamodb/exclusion-settings.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { openWindowStore, windowStoreChoice } from '../aws/windows/open-window-store.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { reportCommand, reportFlags, reportUsage } from './report/report-command.ts';

/** Legal reports on the command line: npm run report -- uptime|exclude|include|exclusions. */
await runOnStack(reportFlags, reportUsage, async (argv, { output }, print) => {
  const stores = {
    windows: openWindowStore(windowStoreChoice(output('WindowStore')), system),
    registry: stationRegistry(output('StationsTable'), system),
    exclusions: exclusionSettings(output('SettingsTable'), system),
    dirty: dirtyMarks(output('TimelineTable'), system),
    now: system.clock,
    user: userInfo().username,
  };
  await reportCommand(argv, stores, print);
});
