import { callPolicies } from '../../aws/call-policy.ts';
import { connectionSender } from '../../aws/commands/connection-sender.ts';
import { mailboxStore } from '../../aws/commands/mailbox-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { liveNetwork } from '../../aws/dynamodb/live-network.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { parkedRecords } from '../../aws/parked/parked-records.ts';
import { siteStore } from '../../aws/sites/site-store.ts';
import { kinesis } from '../../runtime/kinesis.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { sampledWarning } from '../../runtime/sampled-warning.ts';
import { allocateSite } from '../../use-cases/allocate-site/allocate-site.ts';
import { setpointSender } from '../../use-cases/allocate-site/setpoint-sender.ts';
import { siteRecordOf } from '../../use-cases/allocate-site/site-record-of.ts';
import { siteSurvey } from '../../use-cases/allocate-site/site-survey.ts';
import { installFallback } from '../../use-cases/install-fallback/install-fallback.ts';
import { Env } from './env.ts';

/** Everything allocate-site is made of. */
export const wire = (environment: Environment, { system, open }: Platform) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.consumer, open);
  const warn = sampledWarning();
  const { running, connectors } = liveNetwork(
    { connectors: env.CONNECTORS_TABLE, stations: env.STATIONS_TABLE },
    system,
    db,
  );
  const commands = {
    mailboxes: mailboxStore({ commands: env.COMMANDS_TABLE, stations: env.STATIONS_TABLE }, system, db),
    sender: connectionSender(env.SOCKETS_ENDPOINT, open),
    system,
    warn,
  };

  return {
    handler: kinesis({
      decode: (data, sequenceNumber) => siteRecordOf(env.STREAM_EPOCH, data, sequenceNumber),
      handle: allocateSite({
        store: siteStore(env.SITES_TABLE, system, db),
        survey: siteSurvey({ registry: stationRegistry(env.STATIONS_TABLE, system, db), running, connectors }),
        setpoints: setpointSender(commands),
        installFallback: installFallback(commands),
        timeline: timeline(env.TIMELINE_TABLE, system, db),
        clock: system.clock,
        warn,
      }),
      park: parkedRecords(env.PARKED_BUCKET, 'allocate-site', system, open).park,
      stage: env.STAGE,
      warn,
      system,
    }),
  };
};
