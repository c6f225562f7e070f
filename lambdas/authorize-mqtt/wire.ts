import { callPolicies } from '../../aws/call-policy.ts';
import { matchesCredential } from '../../aws/credential.ts';
import { credentialCheck } from '../../aws/credential-check.ts';
import { credentialStore } from '../../aws/credential-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { mqttAuthorizer } from '../../runtime/iot.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { authorizeMqtt } from '../../use-cases/authorize-mqtt/authorize-mqtt.ts';
import { Env } from './env.ts';

/** Everything authorize-mqtt is made of. */
export const wire = (environment: Environment, { system, open }: Platform, matches = matchesCredential) => {
  const env = Env.parse(environment);
  const db = documentClient(callPolicies.message, open);
  const ports = {
    registry: stationRegistry(env.STATIONS_TABLE, system, db),
    credentials: credentialStore(env.CREDENTIALS_TABLE, db),
    matches: credentialCheck(system.clock, matches),
  };

  return { handler: mqttAuthorizer((presented) => authorizeMqtt(presented, ports, env.IOT_ARN)) };
};
