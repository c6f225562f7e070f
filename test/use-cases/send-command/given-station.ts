import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { RegisteredConnector } from '../../../domain/registry/registration.ts';
import type { Station } from '../../../domain/station/station.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { readFrame } from '../../../ocpp/frames/read-frame.ts';
import type { StationConnection } from '../../../use-cases/ports/commands/mailbox-store.ts';
import { type Caller, type CommandRequest, requestCommand } from '../../../use-cases/send-command/request-command.ts';
import { settleReply } from '../../../use-cases/send-command/settle-reply.ts';
import { wakeMailbox } from '../../../use-cases/send-command/wake-mailbox.ts';
import { fakeMailboxStore } from '../../fakes/mailbox-store.ts';
import { registration } from '../../fakes/registration.ts';
import { fakeWire } from '../../fakes/wire.ts';

export const operator: Caller = { by: 'olga', role: 'operator', origin: 'outside' };
export const administrator: Caller = { by: 'ada', role: 'administrator', origin: 'outside' };
export const viewer: Caller = { by: 'vic', role: 'viewer', origin: 'outside' };

export const connectionTo = (number: number, ocpp: OcppVersion = '1.6', openedAt = 0): StationConnection => ({
  connectionId: `c${number}`,
  ocpp,
  transport: 'websocket',
  openedAt,
});

/** A DC connector on EVSE 1, and one of alternating current on EVSE 2. */
export const connectors: readonly RegisteredConnector[] = [
  { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 },
  { evseId: 2, connectorId: 1, connectorType: 'Type2', ratedW: 22_000 },
];

/** A station with its mailbox, the wire that leads to it, and a clock to set. It has been connected for a minute. */
export const givenStation = (ocpp: OcppVersion = '1.6') => {
  const time = { now: 60_000 };
  const connection = connectionTo(1, ocpp);
  const registered = { admission: 'accepted' as const, ocpp, connectors };
  const stations = new Map<string, Station>([['S1', { registration: registration({ stationId: 'S1', connectors }) }]]);
  const mailboxes = fakeMailboxStore([['S1', { ...registered, connection }]]);
  const wire = fakeWire();
  const warnings: string[] = [];
  const ports = {
    mailboxes,
    sender: wire,
    stations: { find: async (stationId: string) => stations.get(stationId) },
    warn: (kind: string) => void warnings.push(kind),
    digest: requestDigest,
    system: { clock: () => time.now, sleep: async () => {}, random: () => 0 },
  };
  let count = 0;
  const settle = settleReply(ports);
  return {
    time,
    mailboxes,
    stations,
    wire,
    warnings,
    ports,
    settle,
    wake: wakeMailbox(ports),
    /** Asks for a command; every request is another one unless it says otherwise. */
    request: (action: string, payload: unknown, fields: Partial<CommandRequest> = {}, caller = operator) => {
      count += 1;
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      return requestCommand(ports)(
        { stationId: 'S1', action, payload: text, discriminator: `r${count}`, ...fields },
        caller,
      );
    },
    /** Lets the station say something that is an answer. */
    say: (frame: unknown, on = connection) => {
      const read = readFrame(typeof frame === 'string' ? frame : JSON.stringify(frame), on.ocpp);
      if (read.kind !== 'result' && read.kind !== 'error' && read.kind !== 'unreadable')
        throw new Error(`${read.kind} answers nothing`);
      return settle('S1', read, on.ocpp, on);
    },
    /** Takes the connection away, or opens another one. */
    connect: (next: StationConnection | undefined) => {
      mailboxes.contacts.set('S1', { ...registered, ...(next && { connection: next }) });
    },
    stateOf: async (commandId: string) => (await mailboxes.find('S1', commandId))?.state,
  };
};
