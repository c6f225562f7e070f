import { callPolicies } from '../../aws/call-policy.ts';
import { credentialCheck } from '../../aws/credential-check.ts';
import { credentialStore } from '../../aws/credential-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { authorizer } from '../../runtime/authorizer.ts';
import { system } from '../../runtime/system.ts';
import { authorizeStation } from '../../use-cases/authorize-station/authorize-station.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const db = documentClient(callPolicies.message);
const ports = {
  registry: stationRegistry(env.STATIONS_TABLE, system, db),
  credentials: credentialStore(env.CREDENTIALS_TABLE, db),
  matches: credentialCheck(system.clock),
};

export const handler = authorizer((presented) => authorizeStation(presented, ports));
