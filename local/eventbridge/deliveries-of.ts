import type { BusEvent } from '../stack/local-service.ts';
import type { Resource } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import type { RuleProperties } from './event-rule.ts';
import { matchesPattern } from './matches-pattern.ts';
import type { TargetDelivery } from './target-delivery.ts';

/** The name of a bus that is given by its name or its ARN. */
export const busIn = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** The detail of an entry; undefined for anything but an object in JSON. */
export const detailIn = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // The caller answers MalformedDetail, as the service does.
  }
};

/** An entry of PutEvents as rules and targets see it. `Time` is in ms; EventBridge keeps whole seconds. */
export const busEvent = (
  entry: {
    readonly Source: string;
    readonly DetailType: string;
    readonly Resources: readonly string[];
    readonly Time: number | undefined;
    readonly detail: object;
  },
  id: string,
  account: Account,
  nowMs: number,
): BusEvent => ({
  version: '0',
  id,
  'detail-type': entry.DetailType,
  source: entry.Source,
  account: account.accountId,
  time: `${new Date(entry.Time ?? nowMs).toISOString().slice(0, 19)}Z`,
  region: account.region,
  resources: entry.Resources,
  detail: entry.detail,
});

/** What the rules of a bus send where for an event. */
export const deliveriesOf = (
  rules: readonly Resource<RuleProperties>[],
  busName: string,
  event: BusEvent,
): readonly TargetDelivery[] =>
  rules
    .filter(
      ({ properties }) =>
        properties.State === 'ENABLED' &&
        busIn(properties.EventBusName) === busName &&
        matchesPattern(properties.EventPattern, event),
    )
    .flatMap(({ logicalId, properties }) => properties.Targets.map((target) => deliveryOf(logicalId, target, event)));

const deliveryOf = (owner: string, target: RuleProperties['Targets'][number], event: BusEvent): TargetDelivery => ({
  owner,
  targetArn: target.Arn,
  body: target.Input === undefined ? pathIn(event, target.InputPath) : JSON.parse(target.Input),
  partitionKey: target.KinesisParameters && String(pathIn(event, target.KinesisParameters.PartitionKeyPath)),
  retryPolicy: target.RetryPolicy,
  deadLetterArn: target.DeadLetterConfig?.Arn,
  event,
});

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
