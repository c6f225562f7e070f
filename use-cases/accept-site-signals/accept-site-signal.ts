import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type SiteSignal, signalSubject } from '../../domain/site/site-signal.ts';
import type { SiteStream } from '../ports/sites/site-record.ts';
import { readSiteSignal, type SignalDoor } from './read-site-signal.ts';

export type Accepted = { readonly siteId: string /** What it is about. */; readonly subject: string };

export type AcceptSiteSignalPorts = {
  readonly stream: SiteStream;
  /** Refuses what is about nothing that there is; a door without it cannot know. */
  readonly check?: (signal: SiteSignal) => Promise<void>;
};

/**
 * Takes a signal that came by a door which can tell its sender what is wrong (the bus, the API): it is checked here and goes
 * onto the stream as it was sent, like one from MQTT. Throws SignalRefused for one that is none.
 */
export const acceptSiteSignal =
  ({ stream, check }: AcceptSiteSignalPorts) =>
  async (door: SignalDoor, said: unknown): Promise<Accepted> => {
    const signal = readSiteSignal(door, said);
    await check?.(signal);
    const { siteId, by, receivedAt } = signal;
    const payload = Buffer.from(JSON.stringify(said)).toString('base64');
    const sender = { clientId: by, ...omitUndefined({ source: door.source }) };
    await stream.put([{ kind: 'signals', siteId, name: door.name, payload, ...sender, receivedAt }]);
    return { siteId, subject: signalSubject(signal) };
  };
