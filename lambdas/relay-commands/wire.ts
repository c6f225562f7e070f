import { commandsChange } from '../../aws/commands/commands-change.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { relayCommands } from '../../use-cases/relay-commands/relay-commands.ts';
import { Env } from './env.ts';

/** Everything relay-commands is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);

  return {
    handler: tableStreamBatch({
      read: commandsChange,
      handle: relayCommands({
        queue: wakeQueue(env.WAKE_QUEUE, system, open),
        stream: ocppStream(env.OCPP_STREAM, open),
        sites: siteStream(env.SIGNAL_STREAM, system, open),
      }),
      park: parkedRecords(env.PARKED_BUCKET, 'relay-commands', system, open).park,
      stage: env.STAGE,
      warn: sampledWarning(),
      system,
    }),
  };
};
