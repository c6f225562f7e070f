import { credentialStore } from '../../aws/credential-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { tagList } from '../../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { importStations } from '../../cli/station/register-station.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { defaultLimit } from '../../test/support/default-limit.ts';
import { createTables } from './create-tables.ts';
import { deployedFunctions, type FunctionName } from './deployed-functions.ts';
import type { MeteredServices } from './metered-services.ts';
import { passUntil } from './simulated-date.ts';
import { type Followed, followers, tableChanges } from './table-changes.ts';
import type { Meter } from './usage.ts';
import { type Act, workload } from './workload.ts';

const passwordOf = (stationId: string): string => `password-of-${stationId}`;

type Due = { readonly at: number; readonly body: string };
type Connected = { connectionId: string; connectedAt: number; transactions: Map<number, number> };

/**
 * The stack of the deployed functions on metered services, with chargers in front and a clock of its own: a day passes as fast
 * as it can be worked off. `windowStore` is WINDOW_STORE.
 */
export const meteredStack = async (services: MeteredServices, meter: Meter, windowStore: string) => {
  const { invoke, settleOwn, handed, writtenTables, metrics } = await deployedFunctions(services, meter, windowStore);
  await createTables();
  const changesOf = await tableChanges(services);

  const lines = new Map<string, Connected>();
  let dues: Due[] = [];
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };

  /** What the stream holds goes to the projector; one record at a time, as in a network that is not in step. */
  const project = async (): Promise<boolean> => {
    const records = handed.records.splice(0).filter(({ stream }) => stream === 'ocpp');
    for (const { partitionKey, data } of records) {
      const sequenceNumber = String(next()).padStart(20, '0');
      const record = {
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventSourceARN: 'arn:aws:kinesis:local:000000000000:stream/ocpp',
        kinesis: { partitionKey, sequenceNumber, data },
      };
      await invoke('project-state', { Records: [record] });
    }
    return records.length > 0;
  };

  const follow = async (): Promise<boolean> => {
    let any = false;
    const written = writtenTables();
    for (const [table, names] of Object.entries(followers) as [Followed, readonly FunctionName[]][]) {
      if (!written.has(table)) continue;
      const changes = await changesOf(table);
      if (changes.length === 0) continue;
      any = true;
      for (const name of names) await invoke(name, { Records: changes.map(({ event }) => event) }, changes.length);
    }
    return any;
  };

  const socket = (stationId: string, { connectionId, connectedAt }: Connected) => ({
    connectionId,
    connectedAt,
    authorizer: { stationId, verdict: 'known', ocpp: '1.6', admission: 'accepted' },
  });

  /** A frame from a charger: it and its answer are messages. */
  const say = async (stationId: string, frame: unknown): Promise<readonly unknown[]> => {
    const line = lines.get(stationId);
    if (line === undefined) throw new Error(`${stationId} is not connected`);
    const event = { requestContext: socket(stationId, line), body: JSON.stringify(frame) };
    const { body } = (await invoke('answer-ocpp', event)) as { readonly body?: string };
    meter.attribute('gateway');
    meter.count('socketMessage', 'from chargers', 1);
    meter.count('accessLog', '', 1);
    if (body === undefined) return [];
    meter.count('socketMessage', 'answers', 1);
    return JSON.parse(body);
  };

  const answerCommands = async (): Promise<boolean> => {
    const frames = handed.frames.splice(0);
    for (const { connectionId, text } of frames) {
      const [stationId] = [...lines].find(([, line]) => line.connectionId === connectionId) ?? [];
      let call: readonly unknown[] = JSON.parse(text);
      // The next call may come as the answer to this one.
      while (stationId !== undefined && call[0] === 2)
        call = await say(stationId, [3, call[1], { status: 'Accepted' }]);
    }
    return frames.length > 0;
  };

  const settle = async (): Promise<void> => {
    for (let busy = true; busy; ) {
      const steps = [await answerCommands(), await project(), await follow()];
      const now = Date.now();
      dues.push(...handed.wakeUps.splice(0).map(({ body, delayMs }) => ({ at: now + delayMs, body })));
      busy = steps.includes(true);
    }
  };

  const open = async (stationId: string): Promise<void> => {
    const line = {
      connectionId: `c${next()}`,
      connectedAt: Date.now(),
      transactions: lines.get(stationId)?.transactions ?? new Map(),
    };
    const basic = Buffer.from(`${stationId}:${passwordOf(stationId)}`).toString('base64');
    const headers = {
      'x-wattstream-station': stationId,
      Authorization: `Basic ${basic}`,
      'Sec-WebSocket-Protocol': 'ocpp1.6',
    };
    const methodArn = 'arn:aws:execute-api:local:000000000000:api/live/$connect';
    await invoke('authorize-station', { headers, methodArn });
    await invoke('track-connect', { requestContext: socket(stationId, line) });
    meter.attribute('gateway');
    meter.count('edgeFunction', '', 1);
    meter.count('edgeRequest', '', 1);
    meter.count('accessLog', '', 2);
    lines.set(stationId, line);
  };

  const act = async (one: Act): Promise<void> => {
    const { stationId, at } = one;
    const line = lines.get(stationId);
    const timestamp = new Date(at).toISOString();
    const call = (action: string, payload: object) => say(stationId, [2, `m${next()}`, action, payload]);
    switch (one.kind) {
      case 'open':
        return open(stationId);
      case 'close':
        if (line === undefined) return;
        await invoke('track-disconnect', { requestContext: socket(stationId, line) });
        return;
      case 'call':
        await call(one.action, one.payload);
        return;
      case 'start': {
        const { connectorId, tag: idTag, registerWh: meterStart } = one;
        const [, , answer] = await call('StartTransaction', { connectorId, idTag, meterStart, timestamp });
        line?.transactions.set(connectorId, (answer as { readonly transactionId: number }).transactionId);
        return;
      }
      case 'sample': {
        const { connectorId, registerWh } = one;
        const sampledValue = [
          { measurand: 'Energy.Active.Import.Register', unit: 'Wh', value: String(registerWh) },
          { measurand: 'Power.Active.Import', unit: 'W', value: String(7_380 + (registerWh % 41)) },
          { measurand: 'Current.Import', unit: 'A', value: (32 + (registerWh % 7) / 10).toFixed(1) },
          { measurand: 'Voltage', unit: 'V', value: (229 + (registerWh % 23) / 10).toFixed(1) },
        ];
        const transactionId = line?.transactions.get(connectorId);
        await call('MeterValues', { connectorId, transactionId, meterValue: [{ timestamp, sampledValue }] });
        return;
      }
      case 'stop': {
        const { connectorId, registerWh: meterStop } = one;
        const transactionId = line?.transactions.get(connectorId);
        await call('StopTransaction', { transactionId, meterStop, timestamp, reason: 'Local' });
        return;
      }
      case 'command': {
        const payload = defaultLimit('W', one.limitW);
        const detail = {
          version: 1,
          id: `r${next()}`,
          time: timestamp,
          stationId,
          action: 'SetChargingProfile',
          payload,
        };
        const event = { source: 'bench', account: '000000000000', 'detail-type': 'CommandRequested', detail };
        meter.attribute('bus');
        meter.count('event', 'CommandRequested', 1);
        await invoke('accept-requests', event);
      }
    }
  };

  const wake = async (until: number): Promise<void> => {
    const due = dues.filter(({ at }) => at <= until);
    dues = dues.filter(({ at }) => at > until);
    for (const { at, body } of due) {
      passUntil(at);
      await invoke('wake-mailboxes', { Records: [{ messageId: `${next()}`, body }] });
      await settle();
    }
  };

  return {
    /** Registers chargers with their drivers' tags. */
    register: async (stationIds: readonly string[]): Promise<void> => {
      const db = documentClient();
      const tags = tagList('tags', db);
      const entries = stationIds.map((stationId, index) => ({
        stationId,
        password: passwordOf(stationId),
        siteId: `site-${Math.floor(index / workload.stationsPerSite)}`,
        zoneId: 'zone-1',
        region: 'north',
        timeZone: 'Europe/London',
        vendor: 'Vendor',
        model: 'Model 22',
        ocpp: '1.6',
        connectors: Array.from({ length: workload.connectors }, (_, one) => `${one + 1}:Type2:22`),
      }));
      await importStations(entries, {
        registry: stationRegistry('stations', { clock: Date.now } as never, db),
        credentials: credentialStore('credentials', db),
        stream: ocppStream('ocpp'),
        now: Date.now,
        scryptCost: 16,
      });
      for (const stationId of stationIds)
        for (let connectorId = 1; connectorId <= workload.connectors; connectorId++)
          await tags.put({ tag: `TAG-${stationId}-${connectorId}`, status: 'Accepted' });
      await settleOwn();
      await settle();
    },
    /** Lives through acts in order of time, with the work of every minute between them when it is asked for. */
    live: async (acts: readonly Act[], fromAt: number, toAt: number, swept: boolean): Promise<void> => {
      const minutes = swept
        ? Array.from({ length: (toAt - fromAt) / MINUTE_MS }, (_, index) => fromAt + index * MINUTE_MS)
        : [];
      const sweeps = minutes.map((at) => ({ at, sweep: true as const }));
      const steps = [...acts.map((one) => ({ at: one.at, act: one })), ...sweeps].toSorted((a, b) => a.at - b.at);
      for (const step of steps) {
        await wake(step.at);
        passUntil(step.at);
        if ('act' in step) await act(step.act);
        else await invoke('sweep-fleet', { time: new Date(step.at).toISOString() });
        await settle();
      }
    },
    metrics,
  };
};
