import { siteConfigurations, siteStore } from '../aws/sites/site-store.ts';
import { system } from '../runtime/system.ts';
import { awsJsonCall } from './http/aws-json-call.ts';
import { localSystem } from './local-system.ts';
import { networkStatus, siteStatus, statusLine } from './network-status.ts';
import type { LocalStack } from './stack/local-stack.ts';

const { stdout } = process;

/** Terminals get one line that is written over, everything else a line every ten seconds. */
const refreshMs = stdout.isTTY ? 1_000 : 10_000;

/** Keeps telling how the network does, until the result is called. */
export const showStatus = (
  stack: LocalStack,
  tables: { readonly connectors: string; readonly sites: string },
  print: (line: string) => void,
): (() => void) => {
  const configurations = siteConfigurations(tables.sites, system);
  const sites = siteStore(tables.sites, system);
  const { hostname, port } = new URL(stack.endpoints.dynamodb);
  const database = awsJsonCall(Number(port), 'dynamodb', stack.region);
  let before = { messages: stack.counts().messages, at: localSystem.elapsedMs() };
  let busy = false;
  let stopped = false;
  const show = async () => {
    if (busy) return;
    busy = true;
    const status = await networkStatus(database.call, tables.connectors).finally(() => {
      busy = false;
    });
    const { messages, ...counts } = stack.counts();
    const seconds = (localSystem.elapsedMs() - before.at) / 1_000;
    const controlled = (await configurations.all()).filter((site) => site.controlled);
    const states = await sites.states(controlled.map(({ siteId }) => siteId));
    const line = [
      statusLine({ ...counts, messagesPerSec: (messages - before.messages) / seconds }, status),
      ...states.map(({ state }) => siteStatus(state)),
    ].join(' | ');
    before = { messages, at: localSystem.elapsedMs() };
    // What is said of the end stands last.
    if (stopped) return;
    stdout.write(stdout.isTTY ? `\r\x1b[K${line.slice(0, stdout.columns - 1)}` : `${line}\n`);
  };
  const cancel = localSystem.every(refreshMs, () => {
    show().catch((error: unknown) => {
      if (!stopped) print(`No status from ${hostname}:${port}: ${String(error)}`);
    });
  });
  return () => {
    stopped = true;
    cancel();
    database.close();
  };
};
