import type { IoTCustomAuthorizerResult } from 'aws-lambda';
import { isTopicSafe } from '../../domain/registry/station-id.ts';
import type { MqttPresented } from '../ports/mqtt-client.ts';
import type { AuthorizePorts } from '../ports/station-credentials.ts';

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

/**
 * Decides who may connect over MQTT: user name and client id must both be the station's identity. The policy names the
 * station's own two topics and nothing else, so that no station can speak, or listen, as another.
 * Identities with a wildcard character are refused: inside a policy they would stand for other stations too.
 * @param iotArn `arn:aws:iot:<region>:<account>`
 */
export const authorizeMqtt = async (
  { clientId, user, password }: MqttPresented,
  { registry, credentials, matches }: AuthorizePorts,
  iotArn: string,
): Promise<IoTCustomAuthorizerResult> => {
  if (clientId === undefined || password === undefined || user !== clientId || !isTopicSafe(clientId)) return refused;
  const [registration, credential] = await Promise.all([registry.find(clientId), credentials.find(clientId)]);
  if (registration === undefined || credential === undefined || !(await matches(password, credential))) return refused;
  const allow = (action: string, ...resources: string[]) => ({
    Effect: 'Allow' as const,
    Action: action,
    Resource: resources.map((resource) => `${iotArn}:${resource}`),
  });
  return {
    isAuthenticated: true,
    // For logs. Letters and digits only, at least one: AWS IoT's rule for a principal.
    principalId: `station${clientId.replaceAll(/[^A-Za-z0-9]/g, '')}`,
    disconnectAfterInSeconds: DISCONNECT_AFTER_SEC,
    refreshAfterInSeconds: REFRESH_AFTER_SEC,
    policyDocuments: [
      {
        Version: '2012-10-17',
        Statement: [
          allow('iot:Connect', `client/${clientId}`),
          allow('iot:Publish', `topic/ocpp/${clientId}/in`),
          allow('iot:Subscribe', `topicfilter/ocpp/${clientId}/out`),
          allow('iot:Receive', `topic/ocpp/${clientId}/out`),
        ],
      },
    ],
  };
};
