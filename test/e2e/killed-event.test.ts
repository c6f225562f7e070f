import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { credentialStore } from '../../aws/credential-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { importStations } from '../../cli/station/register-station.ts';
import { close, listen } from '../../local/http/http-server.ts';
import { system } from '../../runtime/system.ts';
import type { Vehicle } from '../../simulator/charge-point/cars/vehicle.ts';
import { type ChargePoint, chargePoint } from '../../simulator/charge-point/charge-point.ts';
import { webSocket } from '../../simulator/charge-point/connection/web-socket.ts';
import { systemClock } from '../../simulator/clock.ts';
import { newId, random } from '../../simulator/random.ts';
import { tagPool } from '../../simulator/tag-pool.ts';
import { traffic } from '../../simulator/traffic.ts';
import { type Note, noteOf, processesNaming, type StartedStack, startStack } from './started-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'wattstream-event-'));
const data = join(folder, 'kept');
const zoneId = 'killed-zone';
const tag = 'KILLED-TAG';
const stationIds = ['KILLED-1', 'KILLED-2', 'KILLED-3', 'KILLED-4'];
const RATED_W = 50_000;
/** Large and empty: what it draws does not change by itself meanwhile. */
const car: Vehicle = {
  batteryWh: 400_000,
  directW: 40_000,
  perPhaseW: 7_400,
  phases: 3,
  targetPercent: 95,
  socPercent: 10,
  takesShare: 1,
  wavers: 0,
};
const EVENT_MS = 150_000;
/** An emergency returns at once, in a ramp of a minute; and the second a schedule counts in. */
const RETURN_MS = 62_000;
const soon = { timeout: 60_000, interval: 500 };

const running: StartedStack[] = [];
const points: ChargePoint[] = [];
/** Stations that were sent a profile, one entry for each. */
const sent: string[] = [];
let port = 0;

const up = async (): Promise<Note> => {
  const one = startStack(folder, ['--no-fleet', '--data', data, '--port', String(port)]);
  running.push(one);
  await one.says(/is up after/);
  const note = noteOf(folder);
  Object.assign(process.env, note.environment);
  return note;
};
const kill = async (): Promise<void> => {
  running.at(-1)?.kill('SIGKILL');
  await vi.waitFor(() => expect(processesNaming(data)).toEqual([]), soon);
};
const drawnW = (): number => points.reduce((sum, point) => sum + point.load().powerW, 0);
const ask = async ({ endpoints }: Note, query: string): Promise<Record<string, Record<string, unknown>>> => {
  const response = await fetch(endpoints.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': endpoints.apiKey },
    body: JSON.stringify({ query }),
  });
  return Object(Object(await response.json()).data);
};
const eventOf = async (note: Note) =>
  (await ask(note, '{ demandResponse(id: "killed") { state round deliveredKw } }')).demandResponse;

/** A charger of 50 kW with a car that takes 40. */
const charger = (stationId: string, url: string): ChargePoint =>
  chargePoint({
    station: {
      stationId,
      password: `password-of-${stationId}`,
      siteId: 'killed-site',
      zoneId,
      region: 'killed',
      timeZone: 'UTC',
      latitude: 0,
      longitude: 0,
      vendor: 'Third',
      model: 'Party',
      firmware: '1',
      contractMaxW: RATED_W,
      connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: RATED_W }],
      admission: 'accepted',
      ocpp: '1.6',
    },
    url,
    transport: (options) =>
      webSocket({
        ...options,
        commanded: (action, payload) => {
          if (action === 'SetChargingProfile') sent.push(stationId);
          return options.commanded(action, payload);
        },
      }),
    tags: tagPool([tag]),
    chance: random(stationId),
    traffic: traffic(),
    rate: 1,
    sampleMs: 2_000,
    strict: false,
    drops: false,
    faults: false,
    log: () => {},
    clock: systemClock,
    newTransactionId: newId,
    drivers: { gapMs: () => 1_000, visit: () => ({ vehicle: car, tag, stayMs: 3_600_000 }) },
  });

beforeAll(async () => {
  // The chargers find the next stack where the last one was.
  const free = createServer();
  port = await listen(free);
  await close(free);
});
afterAll(async () => {
  for (const one of running) one.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await Promise.race([Promise.all(points.map((point) => point.stop())), sleep(5_000)]);
  rmSync(folder, { recursive: true, force: true });
});

describe('a grid event in the midst of which the whole stack is killed', () => {
  let endAt = 0;

  it('has reached its stations by then', async () => {
    const note = await up();
    const { endpoints, outputs } = note;
    expect(new URL(endpoints.ocpp).port).toBe(String(port));
    await tagList(String(outputs.TagsTable)).put({ tag, status: 'Accepted', maxSessions: stationIds.length });
    const entries = stationIds.map((stationId) => ({
      ...{ stationId, password: `password-of-${stationId}`, siteId: 'killed-site', zoneId, region: 'killed' },
      ...{ timeZone: 'UTC', ocpp: '1.6', connectors: ['1:CCS:50'] },
    }));
    await importStations(entries, {
      registry: stationRegistry(String(outputs.StationsTable), system),
      credentials: credentialStore(String(outputs.CredentialsTable)),
      stream: ocppStream(String(outputs.OcppStream)),
      now: system.clock,
      scryptCost: 16,
    });
    points.push(...stationIds.map((stationId) => charger(stationId, endpoints.ocpp)));
    for (const point of points) point.start();
    await vi.waitFor(async () => {
      expect(drawnW()).toBe(160_000);
      const { zoneLoad } = await ask(note, `{ zoneLoad(zoneId: "${zoneId}") { loadKw stationsUnknown } }`);
      expect(zoneLoad).toEqual({ loadKw: 160, stationsUnknown: 0 });
    }, soon);

    endAt = Date.now() + EVENT_MS;
    const signal = { signalId: 'killed', type: 'SHED', priority: 1, zoneId, reductionKw: 160 };
    const entry = { EventBusName: String(outputs.EventBus), Source: 'utility', DetailType: 'DemandResponseRequested' };
    const Detail = JSON.stringify({ ...signal, endAt: new Date(endAt).toISOString() });
    await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [{ ...entry, Detail }] }));
    await vi.waitFor(() => expect(drawnW()).toBe(0), soon);
    await kill();
    expect(drawnW()).toBe(0);
  }, 180_000);

  it('goes on after the next start: its stations are looked at again, and sent nothing twice', async () => {
    const note = await up();
    await vi.waitFor(async () => expect(await eventOf(note)).toEqual({ state: 'active', round: 1, deliveredKw: 160 }), {
      ...soon,
      timeout: endAt - Date.now(),
    });
    expect(drawnW()).toBe(0);
    expect(sent.toSorted()).toEqual(stationIds);
  }, 180_000);

  it('ends at its stations by their profiles when the stack is killed for good', async () => {
    await kill();
    expect(drawnW()).toBe(0);
    await sleep(Math.max(0, endAt + RETURN_MS - Date.now()));
    await vi.waitFor(() => expect(drawnW()).toBe(160_000), { timeout: 5_000, interval: 500 });
  }, 300_000);

  it('is over for the stack that starts after its end: nobody is limited, and its report is under way', async () => {
    const note = await up();
    await vi.waitFor(async () => expect(await eventOf(note)).toMatchObject({ state: 'restoring' }), soon);
    expect(sent).toHaveLength(stationIds.length);
    expect(drawnW()).toBe(160_000);
  }, 180_000);
});
