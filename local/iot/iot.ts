import { loopback, urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption } from '../stack/local-service.ts';
import { startIotBroker } from './iot-broker.ts';
import { authorizerParameter } from './iot-sessions.ts';
import { iotAuthorizer, iotTopicRule } from './topic-rule.ts';

const port: PortOption = { flag: 'mqtt-port', usual: 1883, serves: 'OCPP over MQTT' };

/** AWS IoT: broker, authorizers and topic rules. */
export const iot: LocalService = {
  name: 'iot',
  kinds: [iotAuthorizer, iotTopicRule],
  port,
  start: async ({ account, system, deployment, onStop, open, reach, report }) => {
    const broker = await startIotBroker(deployment.all(iotTopicRule), deployment.all(iotAuthorizer), {
      invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
      deliver: (targetArn, delivery) => reach(targetArn, 'deliver')(targetArn, delivery),
      report,
      account,
      system,
    });
    const [authorizer] = deployment.all(iotAuthorizer);
    const named = authorizer === undefined ? '' : `?${authorizerParameter}=${authorizer.properties.AuthorizerName}`;
    return {
      // The query belongs at the end of a charger's user name.
      endpoints: { mqtt: `mqtt://${loopback}:${await open(broker.mqtt, port)}${named}` },
      environment: { AWS_ENDPOINT_URL_IOT_DATA_PLANE: urlAt(await open(broker.dataPlane)) },
      // Registered late to stop early: chargers leave before what serves them does.
      begin: async () => onStop(broker.stop),
    };
  },
};
