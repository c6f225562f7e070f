/** Runs a stack for the outage bench, which plays outages to it and kills this process. Started with an IPC channel. */
import { z } from 'zod';
import { startLocal } from '../../local/stack/local-stack.ts';
import type { HostMessage, HostRequest } from './hosted-stack.ts';

const Settings = z.object({
  assembly: z.string(),
  folder: z.string(),
  dataFolder: z.string(),
  ports: z.record(z.string(), z.number()),
});
const { assembly, folder, dataFolder, ports } = Settings.parse(JSON.parse(process.argv[2] ?? '{}'));
const send = (message: HostMessage) => void process.send?.(message);

const stack = await startLocal({
  assembly,
  folder,
  dataFolder,
  ports,
  faults: true,
  log: (source, line) => {
    if (source === 'local') send({ kind: 'problem', line });
  },
});
const { endpoints, environment, outputs, region } = stack;
send({ kind: 'up', access: { endpoints, environment, outputs, region } });

process.on('message', async (request: HostRequest) => {
  if (request.kind === 'crash') stack.crash(request.functionName);
  if (request.kind === 'fault') await stack.setFault(request.service, request.fault);
  if (request.kind === 'stop') {
    await stack.stop();
    process.exit();
  }
  send({ kind: 'done', counts: stack.counts() });
});
// The bench is gone: so is what it wanted to know.
process.on('disconnect', () => process.exit());
