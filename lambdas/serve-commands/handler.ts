import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { stationItems } from '../../aws/commands/station-items.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { resolver } from '../../runtime/resolver.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { system } from '../../runtime/system.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { queryStation } from '../../use-cases/query-station/query-station.ts';
import { serveCommands } from '../../use-cases/serve-commands/serve-commands.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.query);

const ports = {
  mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
  stations: stationItems(env.STATIONS_TABLE, db),
  sender: connectionSender(env.SOCKETS_ENDPOINT),
  system,
  warn: sampledWarning(),
};

export const handler = resolver(
  { ...serveCommands(ports), ...queryStation(ports) },
  identifyCaller(callerRules(env.CALLER_RULES)),
);
