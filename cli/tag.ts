#!/usr/bin/env node
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { tagCommand, tagFlags, tagUsage } from './tag/tag-command.ts';

/** The tag list on the command line: npm run tag -- add|list|remove. */
await runCommand(async (argv, print) => {
  const { values, positionals } = tagFlags(argv);
  if (values.help === true || positionals.length === 0) return print(tagUsage);
  const { output } = await openTarget(values.stage);
  await tagCommand(argv, tagList(output('TagsTable')), print);
}, tagUsage);
