import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { credentialStore } from '../../aws/credential-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { importStations } from '../../cli/station/register-station.ts';
import { close, listen } from '../../local/http/http-server.ts';
import { system } from '../../runtime/system.ts';
import { soon } from '../support/soon.ts';
import { type Note, noteOf, processesNaming, type StartedStack, startStack } from './started-stack.ts';
import { strictClient } from './strict-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'wattstream-start-'));
const data = join(folder, 'kept');
const running: StartedStack[] = [];
const start = (args: readonly string[], env?: NodeJS.ProcessEnv): StartedStack => {
  const one = startStack(folder, args, env);
  running.push(one);
  return one;
};
const up = async (): Promise<Note> => {
  await start(['--no-fleet', '--data', data]).says(/is up after/);
  return noteOf(folder);
};

afterAll(async () => {
  for (const one of running) one.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('names a taken port before it synthesizes', async () => {
    const taken = createServer();
    const port = await listen(taken);
    const one = start(['--mqtt-port', String(port)]);
    expect(await one.ended).toBe(1);
    expect(one.printed()).toContain(`Port ${port} is taken`);
    expect(one.printed()).not.toContain('Synthesizing');
    await close(taken);
  });

  it('names a missing Java before it synthesizes', async () => {
    const one = start([], { PATH: folder });
    expect(await one.ended).toBe(1);
    expect(one.printed()).toContain('DynamoDB Local needs Java, and there is none on the PATH');
    expect(one.printed()).not.toContain('Synthesizing');
  });

  it('ends at once when it is told to while it synthesizes', async () => {
    const one = start(['--no-fleet']);
    await one.says(/Synthesizing/);
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    expect(one.printed()).not.toContain('Starting the stack');
  });

  it('names a folder it cannot write before it synthesizes', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const one = start(['--data', file]);
    expect(await one.ended).toBe(1);
    expect(one.printed()).toContain(`The folder ${file} cannot be written`);
    expect(one.printed()).not.toContain('Synthesizing');
  });
});

describe('a stack with a data folder', () => {
  const stationId = 'KEPT-1';
  const password = 'password-of-kept-1';
  const tag = 'KEPT-TAG';
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  let transactionId = 0;

  const connected = async ({ endpoints }: Note) =>
    await strictClient({ url: endpoints.ocpp, stationId, password }, ['ocpp1.6']);
  const ask = async ({ endpoints }: Note, query: string): Promise<Record<string, unknown>> => {
    const response = await fetch(endpoints.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': endpoints.apiKey },
      body: JSON.stringify({ query }),
    });
    return Object(Object(await response.json()).data);
  };

  it('is killed with everything it started, right after it has answered', async () => {
    const note = await up();
    Object.assign(process.env, note.environment);
    await tagList(String(note.outputs.TagsTable)).put({ tag, status: 'Accepted' });
    await importStations(
      [
        {
          stationId,
          password,
          siteId: 'kept-site',
          zoneId: 'kept-zone',
          region: 'kept',
          timeZone: 'Europe/London',
          ocpp: '1.6',
          connectors: ['1:CCS:50'],
        },
      ],
      {
        registry: stationRegistry(String(note.outputs.StationsTable), system),
        credentials: credentialStore(String(note.outputs.CredentialsTable)),
        stream: ocppStream(String(note.outputs.OcppStream)),
        now: system.clock,
        scryptCost: 16,
      },
    );
    const client = await connected(note);
    await client.call('BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' });
    const started = { connectorId: 1, idTag: tag, meterStart: 1_000, timestamp: at(30) };
    const answer = await client.call('StartTransaction', started);
    transactionId = Number(answer.transactionId);
    for (let minute = 29; minute > 0; minute -= 1) {
      const value = String(1_000 + (30 - minute) * 100);
      const sampledValue = [{ value, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
      await client.call('MeterValues', {
        connectorId: 1,
        transactionId,
        meterValue: [{ timestamp: at(minute), sampledValue }],
      });
    }
    const stop = { transactionId, idTag: tag, meterStop: 4_000, timestamp: at(0), reason: 'Local' };
    await client.call('StopTransaction', stop);
    running.at(-1)?.kill('SIGKILL');
    await client.close(true);
    await vi.waitFor(() => expect(processesNaming(data)).toEqual([]), soon);
  });

  it('has everything it answered after the next start, and lets the station in as before', async () => {
    const note = await up();
    await vi.waitFor(async () => {
      const { sessions } = await ask(
        note,
        `{ sessions(filter: { stationId: "${stationId}" }, from: "${at(60)}", to: "${at(-60)}") {
          items { transactionId energyWh endedAt }
        } }`,
      );
      expect(sessions).toEqual({
        items: [{ transactionId: String(transactionId), energyWh: 3_000, endedAt: expect.any(String) }],
      });
    }, soon);
    const client = await connected(note);
    expect(await client.call('Heartbeat', {})).toMatchObject({ currentTime: expect.any(String) });
    await client.close();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops at %s with code 0 and leaves no process behind', async (signal) => {
    if (signal === 'SIGINT') await up();
    const one = running.at(-1);
    one?.kill(signal);
    expect(await one?.ended).toBe(0);
    await vi.waitFor(() => expect(processesNaming(data)).toEqual([]), soon);
  });
});
