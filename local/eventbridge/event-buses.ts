import type { Server } from 'node:http';
import { z } from 'zod';
import { httpServer, jsonReply, ServiceError } from '../http/http-server.ts';
import type { LocalSystem } from '../local-system.ts';
import type { BusEvent } from '../stack/local-service.ts';
import type { Resource } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import { busEvent, busIn, deliveriesOf, detailIn } from './deliveries-of.ts';
import type { RuleProperties } from './event-rule.ts';
import type { TargetDelivery } from './target-delivery.ts';

export type EventBusPorts = {
  /** Hands an event to a target; resolves when the delivery is kept. */
  readonly deliver: (delivery: TargetDelivery) => Promise<void>;
  readonly account: Account;
  readonly system: LocalSystem;
};

export type EventBuses = {
  /** PutEvents. */
  readonly server: Server;
  /** Resolves when all deliveries to targets are kept. */
  readonly put: (busName: string, event: BusEvent) => Promise<void>;
  /** Calls back for every event put on any bus. */
  readonly onEvent: (listener: (busName: string, event: BusEvent) => void) => void;
};

const Entries = z.object({
  Entries: z
    .array(
      z.looseObject({
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        EventBusName: z.string().default('default'),
        Resources: z.array(z.string()).default([]),
        Time: z.union([z.number(), z.string()]).optional(),
      }),
    )
    .max(10)
    .min(1),
});

/** EventBridge's quota for one PutEvents request. */
const largestRequestBytes = 256 * 1024;

export const eventBuses = (
  busNames: readonly string[],
  rules: readonly Resource<RuleProperties>[],
  ports: EventBusPorts,
): EventBuses => {
  const names = new Set(['default', ...busNames]);
  const listeners: ((busName: string, event: BusEvent) => void)[] = [];

  const put: EventBuses['put'] = async (busName, event) => {
    for (const listener of listeners) listener(busName, event);
    await Promise.all(deliveriesOf(rules, busName, event).map((delivery) => ports.deliver(delivery)));
  };

  const server = httpServer(async ({ headers, body }) => {
    if (headers['x-amz-target'] !== 'AWSEvents.PutEvents')
      throw new ServiceError('UnknownOperationException', `${headers['x-amz-target']} is not emulated locally`);
    if (body.length > largestRequestBytes) throw new ServiceError('ValidationException', 'Total size over 256 KB');
    const entries = Entries.safeParse(JSON.parse(body.toString()));
    if (!entries.success) throw new ServiceError('ValidationException', z.prettifyError(entries.error));
    const putOne = async (entry: z.infer<typeof Entries>['Entries'][number]) => {
      const bus = busIn(entry.EventBusName);
      if (!names.has(bus)) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `No bus ${bus}` };
      const detail = detailIn(entry.Detail);
      if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      const id = ports.system.uuid();
      const { account, system } = ports;
      await put(bus, busEvent({ ...entry, Time: msOf(entry.Time), detail }, id, account, system.clock()));
      return { EventId: id };
    };
    const results = await Promise.all(entries.data.Entries.map(putOne));
    return jsonReply({ FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results });
  });

  return {
    server,
    put,
    onEvent: (listener) => {
      listeners.push(listener);
    },
  };
};

/** A time as the SDK sends it: seconds, or a text. */
const msOf = (time: number | string | undefined): number | undefined =>
  typeof time === 'number' ? time * 1_000 : time === undefined ? undefined : Date.parse(time);
