#!/usr/bin/env node
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tariffTable } from '../aws/dynamodb/tariff-table.ts';
import { system } from '../runtime/system.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { tariffCommand, tariffFlags, tariffUsage } from './tariff/tariff-command.ts';

/** Tariffs on the command line: npm run tariff -- add|import|assign|unassign|list. */
await runCommand(async (argv, print) => {
  const { values, positionals } = tariffFlags(argv);
  if (values.help === true || positionals.length === 0) return print(tariffUsage);
  const { output } = await openTarget(values.stage);
  await tariffCommand(
    argv,
    {
      table: tariffTable(output('TariffsTable'), system),
      registry: stationRegistry(output('StationsTable'), system),
    },
    print,
  );
}, tariffUsage);
