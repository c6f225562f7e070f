import type { OpenAdrServer } from '../../../domain/demand-response/openadr/openadr-server.ts';

/** What a server gave us to prove who we are, and what it is to prove itself with when it notifies us. */
export type OpenAdrCredential = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callbackToken: string;
};

/** Credentials of servers, kept apart from all other settings. */
export type OpenAdrCredentials = {
  readonly of: (serverId: string) => Promise<OpenAdrCredential | undefined>;
  readonly put: (serverId: string, credential: OpenAdrCredential) => Promise<void>;
};

/** A server did not answer, or not with what was asked for. The message says what it said; it never has a secret in it. */
export class OpenAdrUnanswered extends Error {
  override readonly name = 'OpenAdrUnanswered';
}

/** What we tell about an event, as OpenADR writes it. */
export type OpenAdrReport = Readonly<Record<string, unknown>>;

/** A session with one server. Every method throws OpenAdrUnanswered when it cannot be done. */
export type OpenAdrConnection = {
  readonly programs: () => Promise<readonly unknown[]>;
  /** All events of a program, every page of them. */
  readonly events: (programId: string) => Promise<readonly unknown[]>;
  /** Sends a report, or replaces the one of this id; answers its id. */
  readonly report: (report: OpenAdrReport, reportId?: string) => Promise<string>;
  /** Makes sure that the server notifies us of the events of a program; one it knows already stays. */
  readonly subscribe: (programId: string, callbackUrl: string, token: string) => Promise<void>;
};

export type OpenAdrConnect = (server: OpenAdrServer, credential: OpenAdrCredential) => OpenAdrConnection;
