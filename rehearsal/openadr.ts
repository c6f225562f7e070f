import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { generatePassword } from '../aws/credential.ts';
import { openAdrCredentials } from '../aws/openadr/openadr-credentials.ts';
import { openAdrStore } from '../aws/openadr/openadr-store.ts';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { openAdrCommand } from '../cli/openadr/openadr-command.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { system } from '../runtime/system.ts';
import { registerStation } from './charger.ts';
import { stationId } from './charging-session.ts';
import { CannotRehearse } from './emulator.ts';
import { localStack } from './local-stack.ts';
import { type OpenLeadr, startOpenLeadr } from './openleadr.ts';

const usage = `Usage: npm run rehearse:openadr
Follows an OpenADR 3 server that is not ours, from its events to the reports it gets. It has no options.`;

programOptions(usage, {});

const folder = join('.wattstream', 'rehearsal');
const LONGEST_MS = 100_000;
const hourMs = 3_600_000;

const idOf = (value: unknown): string => String(Reflect.get(Object(value), 'id'));

/** Waits until something is seen, and says so. */
const seen = async (what: string, look: () => Promise<boolean> | boolean): Promise<void> => {
  const startedAt = performance.now();
  while (performance.now() - startedAt < LONGEST_MS) {
    if (await look()) return console.log(`- ${what}`);
    await setTimeout(500);
  }
  throw new Error(`Not seen: ${what}`);
};

/** A program, an event, its update, its report, its cancellation and a capacity limit, from the server to the stack. */
const follow = async (vtn: OpenLeadr): Promise<void> => {
  const stack = await localStack(await synthesize(join(folder, 'openadr'), { windowStore: 'dynamodb', openAdr: 'on' }));
  try {
    // An event in which no station takes part ends at once.
    await registerStation(stack, stationId, { siteId: 'depot', zoneId: 'north' });
    const store = openAdrStore(stack.output('GridTable'));
    const credentials = openAdrCredentials(stack.output('OpenAdrCredentials'), system);
    const program = idOf(await vtn.call('POST', '/programs', { objectType: 'PROGRAM', programName: 'peak' }));
    const file = join(temporaryFolder('wattstream-openadr-'), 'server.json');
    const places = [{ zoneId: 'north', siteIds: ['depot'] }];
    const programs = [{ program: 'peak', places, simpleKw: { '1': 10, '2': 20, '3': 30 } }];
    writeFileSync(file, JSON.stringify({ serverId: 'openleadr', url: vtn.url, version: '3.1', programs }));
    const run = (...argv: string[]) =>
      openAdrCommand(
        argv,
        { store, credentials, makeSecret: generatePassword, readInput: async () => vtn.ven.clientSecret },
        () => undefined,
      );
    await run('configure', file);
    await run('credential', 'openleadr', '--client-id', vtn.ven.clientId);
    await seen('the server answers with its programs', async () => {
      const state = await store.state('openleadr');
      if (state?.problem?.startsWith('GET')) throw new Error(state.problem);
      return state?.answeredAt !== undefined && state.problem === undefined;
    });

    const callbackUrl = `${stack.output('OpenAdrCallbackUrl')}openleadr`;
    const { callbackToken } = (await credentials.of('openleadr')) ?? {};
    const notify = (token: string | undefined) =>
      fetch(callbackUrl, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });
    await seen('our address answers its challenge, and refuses another token', async () => {
      const challenge = await (await fetch(`${callbackUrl}?echo=r4ndom`)).text();
      return challenge === 'r4ndom' && (await notify('guessed')).status === 401;
    });
    /** The server of the crate notifies over WebSockets only: we do in its place, as a server would over HTTP. */
    const change = async (method: string, path: string, body?: object): Promise<unknown> => {
      const answer = await vtn.call(method, path, body);
      const { status } = await notify(callbackToken);
      if (status !== 200) throw new Error(`Our address answered a notification with ${status}`);
      return answer;
    };

    const told = async (type: string, id: string, fields: object = {}): Promise<boolean> =>
      (await stack.events()).some(({ 'detail-type': of, detail }) => {
        const found: object = Object(detail);
        const wanted = Object.entries({ signalId: id, ...fields });
        return of === type && wanted.every(([name, value]) => Reflect.get(found, name) === value);
      });
    const intervals = (level: number) => [{ id: 0, payloads: [{ type: 'SIMPLE', values: [level] }] }];
    const event = {
      objectType: 'EVENT',
      programID: program,
      eventName: 'relief',
      intervalPeriod: { start: new Date(Date.now() - 60_000).toISOString(), duration: 'PT30M' },
      reportDescriptors: [{ payloadType: 'OPERATING_STATE' }, { payloadType: 'BASELINE' }],
      intervals: intervals(2),
    };
    const eventId = idOf(await change('POST', '/events', event));
    const signalId = `openadr/openleadr/${eventId}/0/north`;
    await seen('its event becomes a signal', () => told('DemandResponseSignalled', signalId, { type: 'CURTAIL' }));
    await seen('it has our report', async () => {
      const reports = await vtn.call('GET', '/reports');
      return Array.isArray(reports) && reports.some((one) => Reflect.get(Object(one), 'eventID') === eventId);
    });
    await change('PUT', `/events/${eventId}`, { ...event, intervals: intervals(3) });
    await seen('an update of the event becomes a newer version', () =>
      told('DemandResponseSignalled', signalId, { type: 'SHED' }),
    );
    // The server keeps events that have reports.
    const { reportDescriptors: _, ...unreported } = event;
    const second = idOf(await change('POST', '/events', unreported));
    const secondSignal = `openadr/openleadr/${second}/0/north`;
    await seen('a second event becomes a signal', () => told('DemandResponseSignalled', secondSignal));
    await change('DELETE', `/events/${second}`);
    await seen('the event that was cancelled is restored', () => told('DemandResponseRestored', secondSignal));
    await change('POST', '/events', {
      objectType: 'EVENT',
      programID: program,
      intervalPeriod: { start: new Date().toISOString(), duration: `PT${hourMs / 1_000}S` },
      payloadDescriptors: [
        { objectType: 'EVENT_PAYLOAD_DESCRIPTOR', payloadType: 'IMPORT_CAPACITY_LIMIT', units: 'KW' },
      ],
      intervals: [{ id: 0, payloads: [{ type: 'IMPORT_CAPACITY_LIMIT', values: [40] }] }],
    });
    await seen('a capacity limit is told to its site', async () =>
      (await store.sites()).some(({ siteId, limitW }) => siteId === 'depot' && limitW === 40_000),
    );
  } finally {
    await stack.stop();
  }
};

exitOnSignals();
try {
  const vtn = await startOpenLeadr(folder);
  try {
    console.log('An OpenADR 3.1 server that is not ours (openleadr-vtn) is followed:');
    await follow(vtn);
  } finally {
    vtn.stop();
  }
} catch (error) {
  if (error instanceof CannotRehearse) console.log(`OpenADR was not rehearsed: ${error.message}`);
  else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
process.exit();
