import type { Construct } from 'constructs';
import type { Env } from '../../lambdas/read-capabilities/env.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { BusSubscription } from '../constructs/bus-subscription.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import type { EventBus } from '../stores/event-bus.ts';
import type { Tables } from '../stores/tables.ts';

export type ReadCapabilitiesProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly gateway: StationGateway;
};

/** Asks stations that booted for what they can do: those of controlled sites, and all where the stage says so. */
export const readCapabilities = (scope: Construct, id: string, props: ReadCapabilitiesProps): void => {
  const { deployment, tables, events, gateway } = props;
  const asking = new BundledFunction<Env>(scope, id, {
    deployment,
    entry: 'read-capabilities',
    environment: {
      COMMANDS_TABLE: tables.nameOf('commands'),
      STATIONS_TABLE: tables.nameOf('stations'),
      SITES_TABLE: tables.nameOf('sites'),
      SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
      ASKS_EVERY_STATION: deployment.stage.asksCapabilities ? 'yes' : 'no',
    },
  });
  tables.mailboxesSteppedBy(asking);
  asking.allow(['dynamodb:GetItem'], tables.arnOf('stations'), tables.arnOf('sites'));
  gateway.sendableBy(asking);
  new BusSubscription(asking, 'Boots', {
    deployment,
    bus: events.bus,
    pattern: { detailType: ['StationBooted'] },
    called: asking,
  });
};
