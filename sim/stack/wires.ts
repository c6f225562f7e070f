import { wire as acceptRequests } from '../../lambdas/accept-requests/wire.ts';
import { wire as acceptSignals } from '../../lambdas/accept-signals/wire.ts';
import { wire as acceptSiteSignals } from '../../lambdas/accept-site-signals/wire.ts';
import { wire as allocateSite } from '../../lambdas/allocate-site/wire.ts';
import { wire as announceAlerts } from '../../lambdas/announce-alerts/wire.ts';
import { wire as answerOcpp } from '../../lambdas/answer-ocpp/wire.ts';
import { wire as authorizeMqtt } from '../../lambdas/authorize-mqtt/wire.ts';
import { wire as authorizeStation } from '../../lambdas/authorize-station/wire.ts';
import { wire as pollOpenadr } from '../../lambdas/poll-openadr/wire.ts';
import { wire as projectState } from '../../lambdas/project-state/wire.ts';
import { wire as publishChanges } from '../../lambdas/publish-changes/wire.ts';
import { wire as queryHistory } from '../../lambdas/query-history/wire.ts';
import { wire as queryNetwork } from '../../lambdas/query-network/wire.ts';
import { wire as readCapabilities } from '../../lambdas/read-capabilities/wire.ts';
import { wire as recordHistory } from '../../lambdas/record-history/wire.ts';
import { wire as relayCommands } from '../../lambdas/relay-commands/wire.ts';
import { wire as respondToDemand } from '../../lambdas/respond-to-demand/wire.ts';
import { wire as serveAlerts } from '../../lambdas/serve-alerts/wire.ts';
import { wire as serveCommands } from '../../lambdas/serve-commands/wire.ts';
import { wire as serveDemandResponse } from '../../lambdas/serve-demand-response/wire.ts';
import { wire as serveSites } from '../../lambdas/serve-sites/wire.ts';
import { wire as sweepFleet } from '../../lambdas/sweep-fleet/wire.ts';
import { wire as trackConnection } from '../../lambdas/track-connection/wire.ts';
import { wire as wakeMailboxes } from '../../lambdas/wake-mailboxes/wire.ts';
import type { Environment, Platform } from '../../runtime/platform.ts';
import { matchesAtOnce } from './cheap-credential.ts';

/** A handler as Lambda calls it. */
export type Handler = (event: unknown, context: { readonly awsRequestId: string }) => Promise<unknown>;
export type Wire = (environment: Environment, platform: Platform) => Readonly<Record<string, Handler>>;

/** Events and results differ from function to function; Lambda does not look at them either. */
const wired = (wire: (environment: Environment, platform: Platform) => object): Wire => wire as unknown as Wire;

/** The deployed functions by their folders in `lambdas/`. */
export const wires: Readonly<Record<string, Wire>> = {
  'accept-requests': wired(acceptRequests),
  'accept-signals': wired(acceptSignals),
  'accept-site-signals': wired(acceptSiteSignals),
  'allocate-site': wired(allocateSite),
  'announce-alerts': wired(announceAlerts),
  'answer-ocpp': wired(answerOcpp),
  'authorize-mqtt': wired((environment, platform) => authorizeMqtt(environment, platform, matchesAtOnce)),
  'authorize-station': wired((environment, platform) => authorizeStation(environment, platform, matchesAtOnce)),
  'poll-openadr': wired(pollOpenadr),
  'project-state': wired(projectState),
  'publish-changes': wired(publishChanges),
  'query-history': wired(queryHistory),
  'query-network': wired(queryNetwork),
  'read-capabilities': wired(readCapabilities),
  'record-history': wired(recordHistory),
  'relay-commands': wired(relayCommands),
  'respond-to-demand': wired(respondToDemand),
  'serve-alerts': wired(serveAlerts),
  'serve-commands': wired(serveCommands),
  'serve-demand-response': wired(serveDemandResponse),
  'serve-sites': wired(serveSites),
  'sweep-fleet': wired(sweepFleet),
  'track-connection': wired(trackConnection),
  'wake-mailboxes': wired(wakeMailboxes),
};
