import type { CommandRecord } from '../../../domain/commands/command.ts';
import type { Connection, MailboxState } from '../../../domain/commands/mailbox-state.ts';
import type { RegisteredConnector } from '../../../domain/registry/registration.ts';
import type { CapabilityRecord } from '../../../domain/station/capability-record.ts';
import type { OcppVersion, Transport } from '../../../ocpp/frames/envelope.ts';
import type { Page } from '../page.ts';

/** An open connection of a station, with the way that leads to it. */
export type StationConnection = Connection & { readonly ocpp: OcppVersion; readonly transport: Transport };

/** What must be known of a registered station to ask something of it. */
export type StationContact = {
  readonly admission: 'accepted' | 'pending' | 'rejected';
  /** What it speaks, or spoke last; undefined for one that was never there. */
  readonly ocpp: OcppVersion | undefined;
  /** Absent while it is offline. */
  readonly connection?: StationConnection;
  readonly connectors: readonly RegisteredConnector[];
  /** What it told of its abilities, and what commands found missing. */
  readonly capabilities?: CapabilityRecord;
};

/** What a mailbox is to become. */
export type MailboxWrite = {
  readonly stationId: string;
  /** The revision that was read: the write counts only while the mailbox still has it. */
  readonly readRev: number;
  readonly state: MailboxState;
  readonly records: readonly CommandRecord[];
  /** Id of a command that is new with this write. */
  readonly created?: string;
  /** What its request is called at this station: a later request of that name is a repeat of this one, for two days. */
  readonly requestName?: string;
};

/**
 * What became of a write. 'conflict': the mailbox has another revision by now, `found` where the store tells it.
 * 'duplicate': the command that was to be created is there already, or its request was taken or refused under its name; `of`
 * is the command that request became. Nothing was written then.
 */
export type MailboxOutcome =
  | { readonly outcome: 'committed' }
  | { readonly outcome: 'duplicate'; readonly of?: string }
  | { readonly outcome: 'conflict'; readonly found?: MailboxState };

/** A request that was not taken: when it was asked, since when it is refused, how that is told, and why. */
export type RefusedRequest = {
  readonly requestedAt: number;
  readonly at: number;
  readonly as: 'CommandRejected' | 'CommandExpired';
  readonly reason: string;
};

/** A mailbox with its station, as both are at one moment. */
export type MailboxWithContact = { readonly mailbox: MailboxState; readonly contact?: StationContact };

/** Mailboxes and the histories of their commands (table commands). */
export type MailboxStore = {
  /** The mailbox as it is now (a consistent read); empty for a station that never had a command. */
  readonly load: (stationId: string) => Promise<MailboxState>;
  /** The mailboxes of several stations, by their id. */
  readonly loadAll: (stationIds: readonly string[]) => Promise<ReadonlyMap<string, MailboxState>>;
  /** The mailbox with its station as both are now; without contact the station is not registered. */
  readonly loadWithContact: (stationId: string) => Promise<MailboxWithContact>;
  /** The same of many stations, by their id: for somebody who writes to all of them next. */
  readonly loadAllWithContact: (stationIds: readonly string[]) => Promise<ReadonlyMap<string, MailboxWithContact>>;
  /** Writes a mailbox and the records of its commands, all or none. */
  readonly commit: (write: MailboxWrite) => Promise<MailboxOutcome>;
  readonly find: (stationId: string, commandId: string) => Promise<CommandRecord | undefined>;
  /** The command that the request of this name became; undefined where there is none, or it was refused. */
  readonly becameOf: (stationId: string, requestName: string) => Promise<string | undefined>;
  /**
   * Keeps that the request of this name is refused, so that no repeat of it is taken: it is a 'duplicate' from then on.
   * Resolves to the refusal that counts, an earlier one if there was; undefined: it was taken before.
   */
  readonly refuse: (
    stationId: string,
    requestName: string,
    refused: RefusedRequest,
  ) => Promise<RefusedRequest | undefined>;
  /** Commands of a station, newest first. Throws Rejected for a page token that is none. */
  readonly list: (
    stationId: string,
    page: { readonly limit: number; readonly nextToken?: string },
  ) => Promise<Page<CommandRecord>>;
};
