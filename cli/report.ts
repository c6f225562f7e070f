#!/usr/bin/env node
import { userInfo } from 'node:os';
import { dirtyMarks } from '../aws/dynamodb/dirty-marks.ts';
import { exclusionSettings } from '../aws/dynamodb/exclusion-settings.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { openWindowStore, windowStoreChoice } from '../aws/windows/open-window-store.ts';
import { system } from '../runtime/system.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { reportCommand, reportFlags, reportUsage } from './report/report-command.ts';

/** Legal reports on the command line: npm run report -- uptime|exclude|include|exclusions. */
await runCommand(async (argv, print) => {
  const { values, positionals } = reportFlags(argv);
  if (values.help === true || positionals.length === 0) return print(reportUsage);
  const { output } = await openTarget(values.stage);
  const stores = {
    windows: openWindowStore(windowStoreChoice(output('WindowStore')), system),
    registry: stationRegistry(output('StationsTable'), system),
    exclusions: exclusionSettings(output('SettingsTable'), system),
    dirty: dirtyMarks(output('TimelineTable'), system),
    now: system.clock,
    user: userInfo().username,
  };
  await reportCommand(argv, stores, print);
}, reportUsage);
