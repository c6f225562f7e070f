import type { Server } from 'node:http';
import { z } from 'zod';
import { httpServer, jsonReply, ServiceError } from '../http/http-server.ts';
import type { BusEvent } from '../stack/local-service.ts';
import type { LocalSystem } from '../system.ts';
import type { Resource } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import type { Rule, Target } from './event-rule.ts';
import { matchesPattern } from './matches-pattern.ts';
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
  rules: readonly Resource<z.infer<typeof Rule>>[],
  ports: EventBusPorts,
): EventBuses => {
  const names = new Set(['default', ...busNames]);
  const listeners: ((busName: string, event: BusEvent) => void)[] = [];
  const nameIn = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

  const put: EventBuses['put'] = async (busName, event) => {
    for (const listener of listeners) listener(busName, event);
    const matching = rules.filter(
      ({ properties }) =>
        properties.State === 'ENABLED' &&
        nameIn(properties.EventBusName) === busName &&
        matchesPattern(properties.EventPattern, event),
    );
    await Promise.all(
      matching.flatMap(({ logicalId, properties }) =>
        properties.Targets.map((target) => ports.deliver(deliveryOf(logicalId, target, event))),
      ),
    );
  };

  const server = httpServer(async ({ headers, body }) => {
    if (headers['x-amz-target'] !== 'AWSEvents.PutEvents')
      throw new ServiceError('UnknownOperationException', `${headers['x-amz-target']} is not emulated locally`);
    if (body.length > largestRequestBytes) throw new ServiceError('ValidationException', 'Total size over 256 KB');
    const entries = Entries.safeParse(JSON.parse(body.toString()));
    if (!entries.success) throw new ServiceError('ValidationException', z.prettifyError(entries.error));
    const putOne = async (entry: z.infer<typeof Entries>['Entries'][number]) => {
      const bus = nameIn(entry.EventBusName);
      if (!names.has(bus)) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `No bus ${bus}` };
      const detail = jsonObject(entry.Detail);
      if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      const id = ports.system.uuid();
      await put(bus, {
        version: '0',
        id,
        'detail-type': entry.DetailType,
        source: entry.Source,
        account: ports.account.accountId,
        time: secondsIso(entry.Time, ports.system.clock()),
        region: ports.account.region,
        resources: entry.Resources,
        detail,
      });
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

const deliveryOf = (owner: string, target: z.infer<typeof Target>, event: BusEvent): TargetDelivery => ({
  owner,
  targetArn: target.Arn,
  body: target.Input === undefined ? pathIn(event, target.InputPath) : JSON.parse(target.Input),
  partitionKey: target.KinesisParameters && String(pathIn(event, target.KinesisParameters.PartitionKeyPath)),
  retryPolicy: target.RetryPolicy,
  deadLetterArn: target.DeadLetterConfig?.Arn,
  event,
});

const jsonObject = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // The caller answers MalformedDetail, as the service does.
  }
};

/** EventBridge keeps whole seconds. */
const secondsIso = (time: number | string | undefined, nowMs: number): string => {
  const ms = typeof time === 'number' ? time * 1_000 : typeof time === 'string' ? Date.parse(time) : nowMs;
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
};

const pathIn = (event: BusEvent, path: string | undefined): unknown => {
  if (path === undefined || path === '$') return event;
  return path
    .replace(/^\$\./, '')
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      event,
    );
};
