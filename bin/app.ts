import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { timestreamIsOpen } from '../aws/deployment/timestream-is-open.ts';
import { leaveOut } from '../lib/leave-out.ts';
import { cdkApp, contextText, wattstreamApp } from '../lib/wattstream-app.ts';
import { chosenWindowStore } from '../lib/window-store-choice.ts';

const memory = 'cdk.context.json';
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;

const app = cdkApp();
const { store, says } = await chosenWindowStore({
  told: contextText(app, 'windowStore'),
  environment: account === undefined || region === undefined ? undefined : { account, region },
  remembered: (key) => app.node.tryGetContext(key),
  remember: (key, value) => {
    const known: object = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
    writeFileSync(memory, `${JSON.stringify({ ...known, [key]: value }, undefined, 2)}\n`);
  },
  timestreamIsOpen: () => {
    // cdk may know the region from a profile; the SDK asks the environment.
    process.env.AWS_REGION ??= region;
    return timestreamIsOpen();
  },
});
if (says !== undefined) console.error(says);
const { stack } = wattstreamApp({ app, windowStore: store, now: Date.now() });
const unknownThere = contextText(app, 'leaveOut')?.split(',') ?? [];
for (const left of leaveOut(stack, unknownThere)) console.error(`Left out as told: ${left}`);
app.synth();
