import { describe, expect, it } from 'vitest';
import { mqttAuthorizer } from '../../runtime/iot.ts';
import { authorizeMqtt } from '../../use-cases/authorize-mqtt/authorize-mqtt.ts';
import { fakeCredentialStore } from '../fakes/credential-store.ts';
import { credential, matches, registration } from '../fakes/registration.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';

const arn = 'arn:aws:iot:eu-west-1:123456789012';
const registry = fakeStationRegistry(
  registration({ stationId: 'CP-01' }),
  registration({ stationId: 'CP-02' }),
  registration({ stationId: 'CP*' }),
  registration({ stationId: '+' }),
);
const credentials = fakeCredentialStore({
  'CP-01': credential,
  'CP-02': credential,
  'CP*': credential,
  '+': credential,
  'site:depot': credential,
  'site:depot*': credential,
});
const authorize = (clientId: string | undefined, user: string | undefined, password: string | undefined) =>
  authorizeMqtt({ clientId, user, password }, { registry, credentials, matches }, arn);

describe('who may connect over MQTT', () => {
  it('lets a station in as itself, on its own two topics and no others', async () => {
    expect(await authorize('CP-01', 'CP-01', 'right-password-1234')).toEqual({
      isAuthenticated: true,
      principalId: 'stationCP01',
      disconnectAfterInSeconds: 86_400,
      refreshAfterInSeconds: 3_600,
      policyDocuments: [
        {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'iot:Connect', Resource: [`${arn}:client/CP-01`] },
            { Effect: 'Allow', Action: 'iot:Publish', Resource: [`${arn}:topic/ocpp/CP-01/in`] },
            { Effect: 'Allow', Action: 'iot:Subscribe', Resource: [`${arn}:topicfilter/ocpp/CP-01/out`] },
            { Effect: 'Allow', Action: 'iot:Receive', Resource: [`${arn}:topic/ocpp/CP-01/out`] },
          ],
        },
      ],
    });
  });

  it('lets the building system of a site in to signal for its site, and for no other', async () => {
    expect(await authorize('site:depot', 'site:depot', 'right-password-1234')).toMatchObject({
      isAuthenticated: true,
      principalId: 'sitedepot',
      policyDocuments: [
        {
          Statement: [
            { Effect: 'Allow', Action: 'iot:Connect', Resource: [`${arn}:client/site:depot`] },
            { Effect: 'Allow', Action: 'iot:Publish', Resource: [`${arn}:topic/signals/depot/*`] },
          ],
        },
      ],
    });
  });

  it.each([
    ['the wrong password of a site', 'site:depot', 'site:depot', 'wrong-password-1234'],
    ['a site that has no password', 'site:office', 'site:office', 'right-password-1234'],
    ['a site with a wildcard in its name', 'site:depot*', 'site:depot*', 'right-password-1234'],
    ['a wrong password', 'CP-01', 'CP-01', 'wrong-password-1234'],
    ['no password', 'CP-01', 'CP-01', undefined],
    ['no user name', 'CP-01', undefined, 'right-password-1234'],
    ['no client id', undefined, 'CP-01', 'right-password-1234'],
    ['the client id of another station', 'CP-02', 'CP-01', 'right-password-1234'],
    ['an unknown station', 'CP-99', 'CP-99', 'right-password-1234'],
    ['an identity that is a wildcard of IoT policies', 'CP*', 'CP*', 'right-password-1234'],
    ['an identity that is a wildcard of MQTT', '+', '+', 'right-password-1234'],
  ])('refuses %s', async (_what, clientId, user, password) => {
    expect(await authorize(clientId, user, password)).toEqual({
      isAuthenticated: false,
      principalId: 'refused',
      disconnectAfterInSeconds: 86_400,
      refreshAfterInSeconds: 3_600,
      policyDocuments: [],
    });
  });
});

describe('the authorizer of AWS IoT', () => {
  const handler = mqttAuthorizer((presented) => authorizeMqtt(presented, { registry, credentials, matches }, arn));

  it.each([
    '',
    '?x-amz-customauthorizer-name=wattstream-dev',
    '?SDK=Any&Version=1&x-amz-customauthorizer-name=wattstream-dev',
  ])('takes a password in base64, and a user name with %j behind it', async (suffix) => {
    const mqtt = {
      clientId: 'CP-01',
      username: `CP-01${suffix}`,
      password: Buffer.from('right-password-1234').toString('base64'),
    };
    // biome-ignore lint/suspicious/noExplicitAny: the parts of the event and context that nobody reads are left out
    const verdict = await handler({ protocolData: { mqtt } } as any, {} as any);
    expect(verdict.isAuthenticated).toBe(true);
  });
});
