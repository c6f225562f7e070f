import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDynamodb } from '../../local/dynamodb/dynamodb-process.ts';
import { close, listen } from '../../local/http/http-server.ts';
import { LocalProblem } from '../../local/local-problem.ts';
import { statusLine } from '../../local/network-status.ts';
import { readOptions } from '../../local/options.ts';

const ports = { port: 9220, 'graphql-port': 9240, 'mqtt-port': 1883, 'dynamodb-port': 8000 };

describe('options', () => {
  it('have defaults', () => {
    expect(readOptions([])).toEqual({
      help: false,
      fleet: true,
      stations: 40,
      ports,
      logs: false,
      openAdr: false,
      data: undefined,
    });
  });

  it('are read from flags', () => {
    expect(
      readOptions(['--no-fleet', '--stations', '500', '--port=0', '--mqtt-port', '18830', '--logs', '--openadr']),
    ).toEqual({
      help: false,
      fleet: false,
      stations: 500,
      ports: { ...ports, port: 0, 'mqtt-port': 18_830 },
      logs: true,
      openAdr: true,
      data: undefined,
    });
  });

  it.each([
    [['--colour'], /Unknown option '--colour'/],
    [['--stations', 'many'], /--stations must be a whole number from 1 to 5000, not 'many'/],
    [['--port', '70000'], /--port must be a whole number from 0 to 65535/],
    [['--data', ''], /--data names no folder/],
    [['extra'], /Unexpected argument 'extra'/],
  ])('%j are refused with the usage', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(message);
    expect(() => readOptions(argv)).toThrow(LocalProblem);
  });
});

describe('npm start', () => {
  it('ends with one clear message and a code for a bad flag', () => {
    const { status, stdout } = spawnSync(process.execPath, [join('local', 'start.ts'), '--colour'], {
      encoding: 'utf8',
    });
    expect([status, stdout.split('\n')[0]]).toEqual([1, expect.stringContaining("Unknown option '--colour'")]);
  });

  it('tells when a database ended by itself, and not when it was stopped', async () => {
    const [lost, stopped] = await Promise.all([startDynamodb(0), startDynamodb(0)]);
    await Promise.all([lost.ready, stopped.ready]);
    let told = false;
    stopped.broken.then(() => {
      told = true;
    });
    await stopped.stop();
    process.kill(lost.pid ?? 0, 'SIGKILL');
    expect((await lost.broken).message).toBe(
      "DynamoDB Local ended by itself (exit SIGKILL), and the stack's state with it",
    );
    expect(told).toBe(false);
  });

  it('names the flag that chooses another port when one is taken', async () => {
    const taken = createServer();
    const port = await listen(taken, 0, '--port');
    await expect(startDynamodb(port)).rejects.toMatchObject({
      message: `Port ${port} is taken`,
      fix: expect.stringContaining('--dynamodb-port'),
    });
    await close(taken);
  });
});

it('the status line shows connections, statuses, sessions, power and lag', () => {
  const counts = { connections: 2, messagesPerSec: 1.25, lagMs: 12, problems: 0 };
  const network = { connectors: { available: 1, charging: 3 }, activeSessions: 3, powerKw: 151.4 };
  expect(statusLine(counts, network)).toBe(
    '2 connected | 1.3 messages/s | 3 charging, 1 available | 3 sessions | 151 kW | lag 12 ms',
  );
});
