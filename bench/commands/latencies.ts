import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { CommandedStack } from './commanded-stack.ts';
import { question } from './filled-queue.ts';

/** From a request on the bus to the frame at its station, ms. */
export const overBus = async (
  { stack, heard }: CommandedStack,
  stationIds: readonly string[],
): Promise<readonly number[]> => {
  const bus = new EventBridgeClient({});
  const took: number[] = [];
  for (const stationId of stationIds) {
    const detail = { version: 1, id: stationId, time: new Date().toISOString(), stationId, action: question };
    const entry = { EventBusName: String(stack.outputs.EventBus), Source: 'bench', DetailType: 'CommandRequested' };
    const arrival = heard.next(stationId, question);
    const from = performance.now();
    await bus.send(new PutEventsCommand({ Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }));
    took.push((await arrival).at - from);
    await sleep(50);
  }
  return took;
};

/** From a request in-process to the frame at its station, ms. */
export const inProcess = async (
  { ask, heard }: CommandedStack,
  stationIds: readonly string[],
): Promise<readonly number[]> => {
  const took: number[] = [];
  for (const stationId of stationIds) {
    const arrival = heard.next(stationId, question);
    const from = performance.now();
    await ask(stationId, question, '{}');
    took.push((await arrival).at - from);
    await sleep(50);
  }
  return took;
};
