import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { requestDigest } from '../../aws/commands/request-digest.ts';
import { stationItems } from '../../aws/commands/station-items.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import { onBusEvent } from '../../runtime/on-bus-event.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { readCapabilities } from '../../use-cases/read-capabilities/read-capabilities.ts';
import { Env } from './env.ts';

/** Everything read-capabilities is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const configurations = siteConfigurations(env.SITES_TABLE, system, db);

  return {
    handler: onBusEvent(
      readCapabilities({
        mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
        stations: stationItems(env.STATIONS_TABLE, db),
        sender: connectionSender(env.SOCKETS_ENDPOINT, open),
        digest: requestDigest,
        asksEveryStation: env.ASKS_EVERY_STATION === 'yes',
        configurations,
        system,
        warn: sampledWarning(),
      }),
    ),
  };
};
