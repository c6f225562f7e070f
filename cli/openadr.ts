#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { generatePassword } from '../aws/credential.ts';
import { openAdrCredentials } from '../aws/openadr/openadr-credentials.ts';
import { openAdrStore } from '../aws/openadr/openadr-store.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { openAdrCommand, openAdrFlags, openAdrUsage } from './openadr/openadr-command.ts';

/** OpenADR 3 servers on the command line: npm run openadr -- configure|credential|list|status|events|remove. */
await runOnStack(openAdrFlags, openAdrUsage, async (argv, { output }, print) => {
  await openAdrCommand(
    argv,
    {
      store: openAdrStore(output('GridTable')),
      credentials: openAdrCredentials(
        output('OpenAdrCredentials', 'OpenADR is off: npm start -- --openadr, or npm run deploy with -c openAdr=on'),
        system,
      ),
      makeSecret: generatePassword,
      readInput: () => text(process.stdin),
    },
    print,
  );
});
