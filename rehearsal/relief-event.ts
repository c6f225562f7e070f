import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { callPolicies, clientConfig } from '../aws/call-policy.ts';
import { zoneNetwork } from '../aws/demand-response/zone-network.ts';
import { system } from '../runtime/system.ts';
import { type Charger, connectCharger, registerStation } from './charger.ts';
import { tag } from './charging-session.ts';
import type { HeardEvent } from './heard-events.ts';
import { comparable, type Outcome } from './outcome.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';
import { LONGEST_SETTLING_MS, settled } from './settled.ts';

const stationId = 'REHEARSAL-2';
const zoneId = 'rehearsal-relief';
const signalId = 'rehearsal-relief-1';
const DRAWN_W = 40_000;

/** How meters answer depends on when they are looked at: these events need not come before the request is taken back. */
const afterMeters: readonly unknown[] = ['DemandResponseVerified', 'DemandResponseShortfall'];

/** What the charger was told, without what depends on the second it was told in. */
const limitsTold = ({ asked }: Charger): readonly unknown[] =>
  asked.map(({ action, payload: { connectorId, csChargingProfiles } }) => {
    const { chargingProfilePurpose: purpose, chargingSchedule } = Object(csChargingProfiles);
    const { chargingRateUnit: unit, chargingSchedulePeriod = [] } = Object(chargingSchedule);
    const limits = chargingSchedulePeriod.map(({ limit }: { readonly limit: number }) => limit);
    return { action, connectorId, purpose, unit, limits };
  });

/**
 * A request of the grid over the bus, and its end before its time: the state machine runs its steps, and a charger that draws
 * 40 kW is told to draw 15, and then nothing less than it can. Resolves to what the charger was told and what the bus heard:
 * what `wanted` says, or what no longer changes.
 */
export const reliefEvent = async (stack: RehearsedStack, wanted?: Outcome): Promise<Outcome> => {
  await registerStation(stack, stationId, { siteId: 'rehearsal-relief', zoneId });
  const bus = new EventBridgeClient(clientConfig(callPolicies.operator));
  const ask = async (detail: object): Promise<void> => {
    const entry = { EventBusName: stack.output('EventBus'), Source: 'rehearsal.grid' };
    await bus.send(
      new PutEventsCommand({
        Entries: [{ ...entry, DetailType: 'DemandResponseRequested', Detail: JSON.stringify(detail) }],
      }),
    );
  };
  const heard = async (): Promise<readonly HeardEvent[]> =>
    (await stack.events())
      .map(({ 'detail-type': event, detail }) => ({ ...Object(detail), event }))
      .filter(({ signalId: of, event }) => of === signalId && !afterMeters.includes(event));

  const charger = await connectCharger(stack, stationId);
  const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
    const beganAt = performance.now();
    while (!(await holds())) {
      if (performance.now() - beganAt > LONGEST_SETTLING_MS)
        throw new Error(`In ${stack.name}, ${what}: ${JSON.stringify([limitsTold(charger), await heard()])}`);
      await setTimeout(500);
    }
  };
  await charger.call('BootNotification', { chargePointVendor: 'Rehearsal', chargePointModel: 'Two' });
  const now = (): string => new Date(system.clock()).toISOString();
  const start = { connectorId: 1, idTag: tag, meterStart: 0, timestamp: now() };
  const { transactionId } = await charger.call('StartTransaction', start);
  const sampledValue = [{ value: String(DRAWN_W), measurand: 'Power.Active.Import', unit: 'W' }];
  const meterValue = [{ timestamp: now(), sampledValue }];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  // A station whose load is not known yet sheds nothing.
  const tables = {
    stations: stack.output('StationsTable'),
    connectors: stack.output('ConnectorsTable'),
    grid: stack.output('GridTable'),
  };
  const { stationsOf } = zoneNetwork(tables, system);
  await until('the load of the charger was not seen', async () =>
    (await stationsOf(zoneId, system.clock())).some(({ loadW }) => loadW === DRAWN_W),
  );

  const endAt = new Date(Math.ceil(system.clock() / 60_000) * 60_000 + 30 * 60_000).toISOString();
  await ask({ signalId, type: 'CURTAIL', priority: 2, zoneId, reductionKw: 25, endAt });
  await until('the charger was not told its limit', () => charger.asked.length > 0);
  await until('the dispatch was not heard of', async () =>
    (await heard()).some(({ event }) => event === 'DemandResponseDispatched'),
  );
  await ask({ type: 'RESTORE', signalIds: [signalId] });
  await until('the limit of the charger was not lifted', () => charger.asked.length > 1);
  const look = async (): Promise<Outcome> => {
    const events = (await heard()).map(({ endAt: _, ...told }) => comparable(told, 0));
    return {
      'limits told': limitsTold(charger),
      'events of relief': events.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    };
  };
  const left = await settled(look, {
    wanted,
    complete: ({ 'events of relief': events }) => JSON.stringify(events).includes('DemandResponseRestored'),
  });
  charger.close();
  return left;
};
