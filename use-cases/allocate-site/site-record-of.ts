import { guardOf } from '../../domain/kernel/guard.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { SiteEvent } from '../../domain/site/site-event.ts';
import { readSiteSignal } from '../accept-site-signals/read-site-signal.ts';
import { topicNames } from '../accept-site-signals/signal-contracts.ts';
import { isSiteRecord, type LeftStation, type SiteRecord } from '../ports/sites/site-record.ts';

/** One record of a site's stream, read. */
export type ReadRecord = {
  readonly guard: string;
  readonly receivedAt: number;
  /** Absent for a tick, and for a configuration that changed. */
  readonly event?: SiteEvent;
  readonly isConfigured: boolean;
  /** A station that booted: what it falls back to is sent again. */
  readonly bootedId?: string;
  /** A station that left: profiles of ours are taken away. */
  readonly left?: LeftStation;
};

const jsonOf = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Rejected(`${what} is not JSON`, { cause });
  }
};

/**
 * Over MQTT a signal has the short name of its topic, and whoever sent it is a source of its own. So short are names otherwise
 * only on the command line.
 */
const sourceOf = ({ name, clientId, source }: Extract<SiteRecord, { kind: 'signals' }>): string | undefined => {
  if (source !== undefined || clientId.startsWith('command line: ')) return source;
  return Object.values(topicNames).some((topic) => topic === name) ? clientId : undefined;
};

const eventOf = (record: SiteRecord): SiteEvent | undefined => {
  switch (record.kind) {
    case 'signals': {
      const { siteId, name, clientId, receivedAt } = record;
      const said = jsonOf(Buffer.from(record.payload, 'base64').toString('utf8'), `Signal ${name}`);
      const door = { siteId, name, by: clientId, receivedAt, ...omitUndefined({ source: sourceOf(record) }) };
      return { type: 'signalled', signal: readSiteSignal(door, said) };
    }
    // These have one writer each, which is this stack.
    case 'site-connector':
      return { type: 'connector-changed', connector: record.connector };
    case 'site-setpoint':
      return { type: 'setpoint-ended', outcome: record.outcome };
    case 'site-configured':
    case 'site-tick':
      return undefined;
  }
};

/** A record as allocate-site takes it; undefined for one that is about no site. Throws Rejected for one that is to be parked. */
export const siteRecordOf = (
  epoch: string,
  data: string,
  sequenceNumber: string,
): { readonly key: string; readonly value: ReadRecord } | undefined => {
  const record = jsonOf(data, 'The record');
  if (!isSiteRecord(record)) return undefined;
  const { siteId, receivedAt, kind } = record;
  if (typeof siteId !== 'string' || siteId === '' || typeof receivedAt !== 'number')
    throw new Rejected('A record of a site names the site and when it was received');
  const event = eventOf(record);
  const { bootedId, left } = record.kind === 'site-configured' ? record : {};
  const guard = guardOf(epoch.padStart(2, '0'), sequenceNumber);
  return {
    key: siteId,
    value: { guard, receivedAt, isConfigured: kind === 'site-configured', ...omitUndefined({ event, bootedId, left }) },
  };
};
