import { once } from 'node:events';
import { WebSocket } from 'ws';
import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { importStations } from '../cli/station/register-station.ts';
import { system } from '../runtime/system.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

const password = 'password-of-the-rehearsal';
const LONGEST_ANSWER_MS = 30_000;

/** Registers a station with one connector at a site. */
export const registerStation = async (
  stack: RehearsedStack,
  stationId: string,
  { siteId, zoneId }: { readonly siteId: string; readonly zoneId: string },
): Promise<void> => {
  const registry = stationRegistry(stack.output('StationsTable'), system);
  const credentials = credentialStore(stack.output('CredentialsTable'));
  const stream = ocppStream(stack.output('OcppStream'));
  const place = { siteId, zoneId, region: 'rehearsal', timeZone: 'Europe/London' };
  const entry = { stationId, password, ...place, ocpp: '1.6', connectors: ['1:CCS:50'] };
  await importStations([entry], { registry, credentials, stream, now: system.clock, scryptCost: 16 });
};

/** HTTP status of a handshake that is refused; without `secret` no credentials are offered. */
export const refusal = async (stack: RehearsedStack, stationId: string, secret?: string): Promise<number> => {
  const headers = secret === undefined ? {} : { authorization: basic(stationId, secret) };
  const socket = new WebSocket(`${stack.url}/${stationId}`, ['ocpp1.6'], { headers });
  socket.on('error', () => undefined);
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
};

const basic = (stationId: string, secret: string): string =>
  `Basic ${Buffer.from(`${stationId}:${secret}`).toString('base64')}`;

type Fields = Readonly<Record<string, unknown>>;

/** An OCPP 1.6 charger on a rehearsed stack. */
export type Charger = {
  /** Calls, one call at a time, and resolves to the answer. Throws for an error. */
  readonly call: (action: string, payload: object) => Promise<Fields>;
  /** What it was asked so far. It accepts everything. */
  readonly asked: readonly { readonly action: string; readonly payload: Fields }[];
  readonly close: () => void;
};

/** Connects a station that was registered before. */
export const connectCharger = async (stack: RehearsedStack, stationId: string): Promise<Charger> => {
  const socket = new WebSocket(`${stack.url}/${stationId}`, ['ocpp1.6'], {
    headers: { authorization: basic(stationId, password) },
  });
  await once(socket, 'open');
  const asked: { action: string; payload: Fields }[] = [];
  let answered: (frame: readonly unknown[]) => void = () => undefined;
  socket.on('message', (data) => {
    const frame: readonly unknown[] = JSON.parse(String(data));
    if (frame[0] !== 2) return answered(frame);
    asked.push({ action: String(frame[2]), payload: Object(frame[3]) });
    socket.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
  });
  let count = 0;
  return {
    call: async (action, payload) => {
      count += 1;
      const id = `m${count}`;
      const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
      answered = resolve;
      const timer = setTimeout(() => reject(new Error(`${action} was not answered`)), LONGEST_ANSWER_MS);
      socket.send(JSON.stringify([2, id, action, payload]));
      const [kind, , answer] = await promise;
      clearTimeout(timer);
      if (kind !== 3) throw new Error(`${action} was answered with an error: ${JSON.stringify(answer)}`);
      return Object(answer);
    },
    asked,
    close: () => socket.close(),
  };
};
