#!/usr/bin/env node
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tariffTable } from '../aws/dynamodb/tariff-table.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { tariffCommand, tariffFlags, tariffUsage } from './tariff/tariff-command.ts';

/** Tariffs on the command line: npm run tariff -- add|import|assign|unassign|list. */
await runOnStack(tariffFlags, tariffUsage, async (argv, { output }, print) => {
  await tariffCommand(
    argv,
    {
      table: tariffTable(output('TariffsTable'), system),
      registry: stationRegistry(output('StationsTable'), system),
    },
    print,
  );
});
