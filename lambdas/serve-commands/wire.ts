import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { stationItems } from '../../aws/commands/station-items.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { resolver } from '../../runtime/resolver.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { queryStation } from '../../use-cases/query-station/query-station.ts';
import { serveCommands } from '../../use-cases/serve-commands/serve-commands.ts';
import { Env } from './env.ts';

/** Everything serve-commands is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.query, open);

  const ports = {
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    stations: stationItems(env.STATIONS_TABLE, db),
    sender: connectionSender(env.SOCKETS_ENDPOINT, open),
    digest: requestDigest,
    system,
    warn: sampledWarning(),
  };

  return {
    handler: resolver(
      { ...serveCommands(ports), ...queryStation(ports) },
      identifyCaller(callerRules(env.CALLER_RULES)),
    ),
  };
};
