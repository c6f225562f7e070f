import { once } from 'node:events';
import { WebSocket } from 'ws';
import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { importStations } from '../cli/station/register-station.ts';
import { system } from '../runtime/system.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

export const stationId = 'REHEARSAL-1';
export const tag = 'REHEARSAL-TAG';
const password = 'password-of-the-rehearsal';

/** HTTP status of a handshake that is refused. */
const refusal = async (url: string, authorization?: string): Promise<number> => {
  const socket = new WebSocket(url, ['ocpp1.6'], { headers: authorization === undefined ? {} : { authorization } });
  socket.on('error', () => undefined);
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
};

const basic = (secret: string): string => `Basic ${Buffer.from(`${stationId}:${secret}`).toString('base64')}`;

/** Registers the rehearsal's station, with one connector, in a zone. */
export const registerIn = async (stack: RehearsedStack, siteId: string, zoneId: string): Promise<void> => {
  const registry = stationRegistry(stack.output('StationsTable'), system);
  const credentials = credentialStore(stack.output('CredentialsTable'));
  const stream = ocppStream(stack.output('OcppStream'));
  const place = { siteId, zoneId, region: 'rehearsal', timeZone: 'Europe/London' };
  const entry = { stationId, password, ...place, ocpp: '1.6', connectors: ['1:CCS:50'] };
  await importStations([entry], { registry, credentials, stream, now: system.clock, scryptCost: 16 });
};

/**
 * Three minutes of charging, from `startedAt` (a full minute, ms), told in one go by an OCPP 1.6 charger that was registered before; and who is
 * turned away. Returns what was answered.
 */
export const chargingSession = async (stack: RehearsedStack, startedAt: number): Promise<readonly unknown[]> => {
  await registerIn(stack, 'rehearsal', 'rehearsal');
  await tagList(stack.output('TagsTable')).put({ tag, status: 'Accepted' });

  const refused = [
    await refusal(`${stack.url}/NOBODY`),
    await refusal(`${stack.url}/${stationId}`),
    await refusal(`${stack.url}/${stationId}`, basic('wrong-password')),
  ];
  const socket = new WebSocket(`${stack.url}/${stationId}`, ['ocpp1.6'], {
    headers: { authorization: basic(password) },
  });
  await once(socket, 'open');
  let count = 0;
  const call = async (action: string, payload: object): Promise<Readonly<Record<string, unknown>>> => {
    count += 1;
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(30_000) });
    socket.send(JSON.stringify([2, `m${count}`, action, payload]));
    const [kind, , answer]: [number, string, Record<string, unknown>] = JSON.parse(String((await answered)[0]));
    if (kind !== 3) throw new Error(`${action} was answered with an error: ${JSON.stringify(answer)}`);
    return answer;
  };
  const at = (minute: number): string => new Date(startedAt + minute * 60_000).toISOString();
  const status = (minute: number, word: string) =>
    call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: word, timestamp: at(minute) });
  const answers = [
    await call('BootNotification', { chargePointVendor: 'Rehearsal', chargePointModel: 'One', firmwareVersion: '1' }),
    await status(-1, 'Available'),
    await call('Authorize', { idTag: tag }),
    await call('Authorize', { idTag: 'NOBODY' }),
    await status(0, 'Preparing'),
  ];
  const start = await call('StartTransaction', { connectorId: 1, idTag: tag, meterStart: 1_000, timestamp: at(0) });
  const { transactionId } = start;
  answers.push(start, await status(0, 'Charging'));
  for (const minute of [1, 2]) {
    const sampledValue = [
      { value: String(1_000 + 600 * minute), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: '36', measurand: 'Power.Active.Import', unit: 'kW' },
    ];
    const meterValue = [{ timestamp: at(minute), sampledValue }];
    answers.push(await call('MeterValues', { connectorId: 1, transactionId, meterValue }));
  }
  answers.push(
    await call('StopTransaction', { transactionId, idTag: tag, meterStop: 2_800, timestamp: at(3), reason: 'Local' }),
    await status(3, 'Available'),
  );
  socket.close();
  return [...refused, ...answers];
};
