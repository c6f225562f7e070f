import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import {
  type OpenAdrConnect,
  type OpenAdrCredential,
  type OpenAdrCredentials,
  type OpenAdrReport,
  OpenAdrUnanswered,
} from '../../use-cases/ports/demand-response/openadr-connection.ts';
import type {
  KnownEvent,
  OpenAdrStore,
  ServerState,
  ToldSite,
} from '../../use-cases/ports/demand-response/openadr-store.ts';

/** OpenADR settings and events in memory. */
export const fakeOpenAdrStore = (): OpenAdrStore => {
  const servers = new Map<string, OpenAdrServer>();
  const states = new Map<string, ServerState>();
  const events = new Map<string, KnownEvent>();
  const sites = new Map<string, ToldSite>();
  const keyOf = ({ serverId, event }: KnownEvent): string => `${serverId}#${event.eventId}`;
  const sorted = <Value>(map: ReadonlyMap<string, Value>): Value[] =>
    [...map].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => structuredClone(value));
  return {
    servers: async () => sorted(servers),
    putServer: async (server) => void servers.set(server.serverId, structuredClone(server)),
    removeServer: async (serverId) => void servers.delete(serverId),
    state: async (serverId) => structuredClone(states.get(serverId)),
    putState: async (state) => void states.set(state.serverId, structuredClone(state)),
    events: async (wanted) => sorted(events).filter(({ serverId }) => serverId === wanted),
    putEvent: async (known) => void events.set(keyOf(known), structuredClone(known)),
    removeEvent: async (known) => void events.delete(keyOf(known)),
    sites: async () => sorted(sites),
    putSite: async (told) => void sites.set(told.siteId, structuredClone(told)),
  };
};

export const fakeOpenAdrCredentials = (known: Readonly<Record<string, OpenAdrCredential>> = {}): OpenAdrCredentials => {
  const credentials = new Map(Object.entries(known));
  return {
    of: async (serverId) => credentials.get(serverId),
    put: async (serverId, credential) => void credentials.set(serverId, credential),
  };
};

type Event = Readonly<Record<string, unknown>> & { readonly programID: string };

/** A server whose lists the test writes. */
export const fakeVtn = () => {
  const programs: unknown[] = [];
  const events: Event[] = [];
  const reports = new Map<string, OpenAdrReport>();
  const subscribed: string[] = [];
  const state: { problem?: string } = {};
  const answering = async <Value>(value: () => Value): Promise<Value> => {
    if (state.problem !== undefined) throw new OpenAdrUnanswered(state.problem);
    return structuredClone(value());
  };
  const connect: OpenAdrConnect = () => ({
    programs: () => answering(() => programs),
    events: (programId) => answering(() => events.filter(({ programID }) => programID === programId)),
    report: (report, reportId = `report-${reports.size + 1}`) =>
      answering(() => {
        reports.set(reportId, report);
        return reportId;
      }),
    subscribe: (programId, callbackUrl) => answering(() => void subscribed.push(`${programId} ${callbackUrl}`)),
  });
  return { programs, events, reports, subscribed, state, connect };
};
