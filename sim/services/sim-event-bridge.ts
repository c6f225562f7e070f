import {
  EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { busEvent, busIn, deliveriesOf, detailIn } from '../../local/eventbridge/deliveries-of.ts';
import type { RuleProperties } from '../../local/eventbridge/event-rule.ts';
import type { TargetDelivery } from '../../local/eventbridge/target-delivery.ts';
import type { BusEvent } from '../../local/stack/local-service.ts';
import type { Resource } from '../../local/template/resource-kind.ts';
import type { Account } from '../../local/template/template.ts';
import { handles, idFrom, simClient } from './sim-client.ts';
import { happens, metadata, ordinaryConduct, type SimServiceContext } from './sim-service-context.ts';

const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;

export type BusDefinitions = {
  readonly names: readonly string[];
  /** Rules of the synthesized template, their references resolved. */
  readonly rules: readonly Resource<RuleProperties>[];
  readonly account: Account;
  /** Takes an event on its way to a target: from here on, the target's retry policy counts. */
  readonly deliver: (delivery: TargetDelivery) => void;
};

/** EventBridge of a simulated account. */
export type SimEventBridge = {
  readonly client: EventBridgeClient;
  readonly send: EventBridgeClient['send'];
  /** Every event that was put, in the order of the puts: what a bus archives. */
  readonly events: (bus: string) => readonly BusEvent[];
};

const failure = (message: string): EventBridgeServiceException =>
  new EventBridgeServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata: metadata(400) });

/** Bytes of an entry as PutEvents counts them: 14 for a time, and the texts. */
const bytesOf = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry): number =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

export const simEventBridge = (
  { names, rules, account, deliver }: BusDefinitions,
  context: SimServiceContext,
): SimEventBridge => {
  const { now, random } = context;
  const conduct = context.conduct ?? (() => ordinaryConduct);
  const kept = new Map<string, BusEvent[]>([...names, 'default'].map((name) => [name, []]));

  const put = (entry: PutEventsRequestEntry) => {
    const { Source, DetailType, Detail, EventBusName = 'default', Resources = [], Time } = entry;
    const name = busIn(EventBusName);
    const bus = kept.get(name);
    if (bus === undefined)
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${name} does not exist.` };
    if (!Source || !DetailType || Detail === undefined)
      return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Source, DetailType or Detail is not valid.' };
    const detail = detailIn(Detail);
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    // An entry may fail while the request succeeds.
    if (happens(conduct().deferred, random))
      return {
        ErrorCode: 'InternalFailure',
        ErrorMessage: 'The request processing has failed because of an unknown error.',
      };
    const id = idFrom(random);
    const event = busEvent({ Source, DetailType, Resources, Time: Time?.getTime(), detail }, id, account, now());
    bus.push(event);
    for (const delivery of deliveriesOf(rules, name, event)) {
      deliver(delivery);
      // At least once.
      if (happens(conduct().duplicates, random)) deliver(delivery);
    }
    return { EventId: id };
  };

  const client = simClient(EventBridgeClient, 'events', context, [
    handles(PutEventsCommand, ({ Entries = [] }) => {
      if (Entries.length === 0 || Entries.length > MOST_ENTRIES)
        throw failure(`1 validation error detected: Value at 'entries' must have 1 to ${MOST_ENTRIES} members`);
      if (Entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > MOST_BYTES)
        throw failure('Total size of the entries in the request is over the limit.');
      const results = Entries.map(put);
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    }),
  ]);
  return { client, send: client.send, events: (bus) => kept.get(bus) ?? [] };
};
