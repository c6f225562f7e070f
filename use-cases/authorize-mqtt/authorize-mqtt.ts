import type { IoTCustomAuthorizerResult } from 'aws-lambda';
import { isTopicSafe } from '../../domain/registry/is-station-id.ts';
import { isSiteId } from '../../domain/site/is-site-id.ts';
import type { AuthorizePorts } from '../ports/credential-store.ts';
import type { MqttPresented } from '../ports/mqtt-client.ts';

/** AWS IoT ends the connection after this long at the latest; the station then authenticates anew. */
const DISCONNECT_AFTER_SEC = 86_400;
/** The policy is asked for again this often: a removed station loses its rights within it. */
const REFRESH_AFTER_SEC = 3_600;

const refused: IoTCustomAuthorizerResult = {
  isAuthenticated: false,
  principalId: 'refused',
  disconnectAfterInSeconds: DISCONNECT_AFTER_SEC,
  refreshAfterInSeconds: REFRESH_AFTER_SEC,
  policyDocuments: [],
};

/** Lets a client connect as itself, and do what `rights` says: actions and the resource of each. */
const granted = (
  kind: 'station' | 'site',
  clientId: string,
  iotArn: string,
  rights: Readonly<Record<string, string>>,
): IoTCustomAuthorizerResult => ({
  isAuthenticated: true,
  // For logs. Letters and digits only, at least one: AWS IoT's rule for a principal.
  principalId: `${kind}${clientId.replace(SITE_PREFIX, '').replaceAll(/[^A-Za-z0-9]/g, '')}`,
  disconnectAfterInSeconds: DISCONNECT_AFTER_SEC,
  refreshAfterInSeconds: REFRESH_AFTER_SEC,
  policyDocuments: [
    {
      Version: '2012-10-17',
      Statement: Object.entries({ 'iot:Connect': `client/${clientId}`, ...rights }).map(([action, resource]) => ({
        Effect: 'Allow',
        Action: action,
        Resource: [`${iotArn}:${resource}`],
      })),
    },
  ],
});

/** What clients of sites are called; no station's identity has a colon. */
const SITE_PREFIX = 'site:';

/**
 * Decides whether the building system of a site may connect: user name and client id must both be `site:` and the siteId, and
 * the password the one made for the site. It may signal for its own site and nothing else.
 */
const authorizeSite = async (
  clientId: string,
  password: string,
  { credentials, matches }: Pick<AuthorizePorts, 'credentials' | 'matches'>,
  iotArn: string,
): Promise<IoTCustomAuthorizerResult> => {
  const siteId = clientId.slice(SITE_PREFIX.length);
  const credential = isSiteId(siteId) ? await credentials.find(clientId) : undefined;
  if (credential === undefined || !(await matches(password, credential))) return refused;
  return granted('site', clientId, iotArn, { 'iot:Publish': `topic/signals/${siteId}/*` });
};

/**
 * Decides who may connect over MQTT: user name and client id must both be the station's identity. The policy names the
 * station's own two topics and nothing else, so that no station can speak, or listen, as another.
 * Identities with a wildcard character are refused: inside a policy they would stand for other stations too.
 */
export const authorizeMqtt = async (
  { clientId, user, password }: MqttPresented,
  ports: AuthorizePorts,
  iotArn: string,
): Promise<IoTCustomAuthorizerResult> => {
  const { registry, credentials, matches } = ports;
  if (clientId === undefined || password === undefined || user !== clientId) return refused;
  if (clientId.startsWith(SITE_PREFIX)) return authorizeSite(clientId, password, ports, iotArn);
  if (!isTopicSafe(clientId)) return refused;
  const [registration, credential] = await Promise.all([registry.find(clientId), credentials.find(clientId)]);
  if (registration === undefined || credential === undefined || !(await matches(password, credential))) return refused;
  return granted('station', clientId, iotArn, {
    'iot:Publish': `topic/ocpp/${clientId}/in`,
    'iot:Subscribe': `topicfilter/ocpp/${clientId}/out`,
    'iot:Receive': `topic/ocpp/${clientId}/out`,
  });
};
