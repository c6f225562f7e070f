import { commandsChange } from '../../aws/commands/commands-change.ts';
import { wakeQueue } from '../../aws/commands/wake-queue.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { tableStreamBatch } from '../../runtime/table-stream.ts';
import { relayCommands } from '../../use-cases/relay-commands/relay-commands.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);

export const handler = tableStreamBatch({
  read: commandsChange,
  handle: relayCommands({
    queue: wakeQueue(env.WAKE_QUEUE, system),
    stream: ocppStream(env.OCPP_STREAM),
    sites: siteStream(env.SIGNAL_STREAM, system),
  }),
  park: parkedRecords(env.PARKED_BUCKET, 'relay-commands', system).park,
  warn: sampledWarning(),
  system,
});
