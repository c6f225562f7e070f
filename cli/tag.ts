#!/usr/bin/env node
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { tagCommand, tagFlags, tagUsage } from './tag/tag-command.ts';

/** The tag list on the command line: npm run tag -- add|list|remove. */
await runOnStack(tagFlags, tagUsage, async (argv, { output }, print) => {
  await tagCommand(argv, tagList(output('TagsTable')), print);
});
