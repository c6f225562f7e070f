import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../ocpp/command.ts';
import { commandsOf } from '../../ocpp/commands-of.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import type { Payload } from '../../ocpp/payload.ts';
import { mqttLine } from '../../simulator/charge-point/connection/mqtt-line.ts';
import { exampleRequest } from '../ocpp/schemas.ts';
import { soon } from '../support/soon.ts';
import { type Charger, simulatedCharger, thirdPartyCharger } from './every-command/chargers.ts';
import { acceptableRequest, neededBefore } from './every-command/requests.ts';
import { type RunningStack, runningStack } from './running-stack.ts';

/** How the stack says the three ended, read back by their ids. */
type Outcomes = { readonly accepted: string; readonly rejected: string; readonly timedOut: string };

const atOnce = 8;
const longest = 240_000;

let running: RunningStack;
beforeAll(async () => {
  running = await runningStack();
});
afterAll(async () => {
  await running?.stop();
});

const ask = async (query: string): Promise<Record<string, unknown>> => {
  const { data, errors } = await running.graphql(query, 'administrator');
  if (errors) throw new Error(JSON.stringify(errors));
  return Object(data);
};

/** Sends a command through the API and reads how it ended. */
const outcome = async (stationId: string, action: string, payload: Payload, seconds?: number): Promise<string> => {
  const fields = [
    `stationId: "${stationId}"`,
    `action: "${action}"`,
    `payload: ${JSON.stringify(JSON.stringify(payload))}`,
    'confirm: true',
    ...(seconds === undefined ? [] : [`timeoutSeconds: ${seconds}`]),
  ];
  const { sendCommand } = await ask(`mutation { sendCommand(${fields.join(', ')}) { id state } }`);
  const { command } = await ask(`{ command(id: "${Object(sendCommand).id}", waitSeconds: 20) { state } }`);
  return Object(command).state;
};

const outcomes = async (charger: Charger, stationId: string, action: string, payload: Payload): Promise<Outcomes> => {
  charger.feel('ignore');
  const timedOut = await outcome(stationId, action, payload, 1);
  charger.feel('reject');
  const rejected = await outcome(stationId, action, payload);
  // Last: a charger that is reset is away for a while.
  charger.feel('accept');
  return { accepted: await outcome(stationId, action, payload), rejected, timedOut };
};

type Target = 'third party' | 'simulator' | 'simulator on MQTT';
const shortOf: Record<Target, string> = { 'third party': 'THIRD', simulator: 'SIM', 'simulator on MQTT': 'MQTT' };

/** Every command to one kind of charger: how it was accepted, refused and not answered. */
const table = new Map<string, Outcomes>();
const rowOf = (ocpp: OcppVersion, { name }: Command, target: Target): string => `${ocpp} ${name} ${target}`;

const tryAll = async (
  ocpp: OcppVersion,
  target: Target,
  tryOne: (command: Command, stationId: string, password: string) => Promise<Outcomes>,
): Promise<void> => {
  const commands = [...commandsOf(ocpp).values()];
  const tried = await pMap(
    commands,
    async (command, index) => {
      const stationId = `EVERY-${ocpp}-${shortOf[target]}-${index}`;
      const password = await running.register(stationId, ocpp === '1.6' ? '1.6' : '2.0.1');
      const found = await tryOne(command, stationId, password);
      table.set(rowOf(ocpp, command, target), found);
      return [command.name, found] as const;
    },
    { concurrency: atOnce },
  );
  const isAsExpected = ({ accepted, rejected, timedOut }: Outcomes) =>
    accepted === 'Accepted' && ['Rejected', 'NotSupported', 'Failed'].includes(rejected) && timedOut === 'TimedOut';
  expect(tried.filter(([, found]) => !isAsExpected(found))).toEqual([]);
};

const simulated = (ocpp: '1.6' | '2.0.1', target: 'simulator' | 'simulator on MQTT') =>
  tryAll(ocpp, target, async ({ name }, stationId, password) => {
    const isOnMqtt = target === 'simulator on MQTT';
    const door = { url: isOnMqtt ? running.mqtt : running.url, stationId, password };
    const charger = simulatedCharger(door, ocpp, name, isOnMqtt ? mqttLine : undefined);
    try {
      await vi.waitFor(async () => {
        const { station } = await ask(`{ station(stationId: "${stationId}") { online } }`);
        expect(station).toEqual({ online: true });
      }, soon);
      const before = neededBefore(ocpp, name);
      if (before) expect(await outcome(stationId, before.action, before.payload)).toBe('Accepted');
      const payload = /Stop/.test(name)
        ? { transactionId: await vi.waitFor(() => startedTransaction(charger, ocpp), 10_000) }
        : acceptableRequest(ocpp, name);
      const found = await outcomes(charger, stationId, name, payload);
      expect([name, charger.violations()]).toEqual([name, []]);
      return found;
    } finally {
      await charger.close();
    }
  });

const startedTransaction = ({ point }: ReturnType<typeof simulatedCharger>, ocpp: '1.6' | '2.0.1'): string | number => {
  const id = point.record().connectors.find(({ transaction }) => transaction)?.transaction?.transactionId;
  if (id === undefined || id === '-1') throw new Error('No transaction has its id yet');
  return ocpp === '1.6' ? Number(id) : id;
};

describe('every command of the CSMS', () => {
  it.each(['1.6', '2.0.1', '2.1'] as const)(
    'of OCPP %s is accepted, refused and not answered by a strict client, and tells so',
    async (ocpp) => {
      const schema = ({ '1.6': 'v16', '2.0.1': 'v201', '2.1': 'v21' } as const)[ocpp];
      await tryAll(ocpp, 'third party', async ({ name, outcome: outcomeOf }, stationId, password) => {
        const door = { url: running.url, stationId, password };
        const charger = await thirdPartyCharger(door, ocpp, name, (reply) => outcomeOf(reply).result);
        try {
          const found = await outcomes(charger, stationId, name, Object(exampleRequest(schema, name, false)));
          expect([name, charger.violations()]).toEqual([name, []]);
          return found;
        } finally {
          await charger.close();
        }
      });
    },
    longest,
  );

  it.each(['1.6', '2.0.1'] as const)(
    'of OCPP %s is accepted, refused and not answered by a simulated charger, and tells so',
    (ocpp) => simulated(ocpp, 'simulator'),
    longest,
  );

  it.each(['1.6', '2.0.1'] as const)(
    'of OCPP %s is accepted, refused and not answered over MQTT, and tells so',
    (ocpp) => simulated(ocpp, 'simulator on MQTT'),
    longest,
  );

  it('is in the table', async () => {
    const rows = (['1.6', '2.0.1', '2.1'] as const).flatMap((ocpp) =>
      [...commandsOf(ocpp).values()]
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map((command) => {
          const cell = (target: Target) => {
            const found = table.get(rowOf(ocpp, command, target));
            return found ? `${found.accepted} · ${found.rejected} · ${found.timedOut}` : '';
          };
          const cells = [
            ocpp,
            command.name,
            command.kind,
            cell('third party'),
            cell('simulator'),
            cell('simulator on MQTT'),
          ];
          return `| ${cells.join(' | ')} |`;
        }),
    );
    const text = [
      '# Every command, tried',
      '',
      'Written by `test/e2e/every-command.test.ts`: each command through the API of the running stack to a strict client that is not ours (`ocpp-rpc`) and to',
      'a simulated charger, which accept it, refuse it and do not answer it. The outcomes are those read back with `command(id)`; a reply that has no word for',
      'no is refused with an error, which makes the command Failed.',
      '',
      '| OCPP | command | sent again | strict client: accepted · refused · no answer | simulator | simulator on MQTT |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
    await expect(text).toMatchFileSnapshot('../../docs/commands-tried.md');
  });
});
