import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { siteConfigurations } from '../../aws/sites/site-store.ts';
import { siteStream } from '../../aws/sites/site-stream.ts';
import { SECOND_MS } from '../../domain/kernel/durations.ts';
import { defaultConfiguration } from '../../domain/site/site-configuration.ts';
import { sleep } from '../../simulator/clock.ts';
import { controlledSites } from '../../simulator/network/controlled-sites.ts';
import { siteLoadW } from '../../simulator/site-load-w.ts';
import type { Actor } from './actor.ts';

/** Seldom for a meter, often for a run of hours. */
const EVERY_MS = 60 * SECOND_MS;

export const building: Actor = {
  name: 'building',
  about: 'Has the power of a site shared, and tells what building and chargers draw together.',
  share: 0.3,
  act: ({ network, points, stack, clock, untilAt }, chance, asked) => {
    const site = controlledSites(network)[0];
    if (site === undefined) return;
    const { siteId, limitW } = site;
    const system = { clock: clock.now, random: chance.next, sleep: (ms: number) => sleep(clock, ms) };
    const configurations = siteConfigurations(
      stack.nameOf('sites'),
      system,
      documentClient(callPolicies.operator, stack.open),
    );
    const stream = siteStream(stack.nameOf('ocpp'), system, stack.open);
    const own = network.stations.filter((station) => station.siteId === siteId).map(({ stationId }) => stationId);
    const configure = async (): Promise<void> => {
      await configurations.put({ ...defaultConfiguration, siteId, revision: 1, controlled: true, limitW });
      await stream.put([{ kind: 'site-configured', siteId, receivedAt: clock.now() }]);
      asked({ kind: 'control', siteId, limitW });
    };
    let count = 0;
    const tell = (): void => {
      if (clock.now() > untilAt) return;
      count += 1;
      const evPowerW = Math.round(own.reduce((sum, id) => sum + (points.get(id)?.load().powerW ?? 0), 0));
      const powerW = siteLoadW(site.building, clock.now()) + evPowerW;
      const detail = {
        version: 1,
        id: `meter-${count}`,
        siteId,
        time: new Date(clock.now()).toISOString(),
        powerW,
        evPowerW,
      };
      asked({ kind: 'demand', at: clock.now(), siteId, powerW, limitW });
      void stack.put({ source: 'building', type: 'SiteDemandMeasured', detail });
      clock.after(EVERY_MS, tell);
    };
    void configure().then(tell);
  },
};
