import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { tariffTable } from '../../aws/dynamodb/tariff-table.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { PriceComponent, Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import { sleep } from '../../simulator/clock.ts';
import type { Random } from '../../simulator/random.ts';
import type { Actor } from './actor.ts';

const MEAN_GAP_MS = 60 * MINUTE_MS;

/** Other prices under the same name: each by a share of what it was, in whole hundredths. */
const dearer = (tariff: Tariff, factor: number): Tariff => ({
  ...tariff,
  elements: tariff.elements.map((element) => ({
    ...element,
    components: element.components.map(
      (component): PriceComponent => ({ ...component, price: (Number(component.price) * factor).toFixed(2) }),
    ),
  })),
});

const isSameScope = (one: TariffAssignment, other: TariffAssignment): boolean =>
  (['stationId', 'siteId', 'connectorType', 'validFrom'] as const).every((field) => one[field] === other[field]);

const oneOf = <Item>(items: readonly Item[], chance: Random): Item | undefined =>
  items[chance.integer(0, items.length - 1)];

export const pricer: Actor = {
  name: 'pricer',
  about:
    'Changes prices, gives sites and stations another tariff from now or some time ahead, in another currency too, and takes one away.',
  share: 0.4,
  act: ({ network, stack, clock, untilAt }, chance, asked) => {
    const system = { clock: clock.now, random: chance.next, sleep: (ms: number) => sleep(clock, ms) };
    const table = tariffTable(stack.nameOf('tariffs'), system, documentClient(callPolicies.operator, stack.open));
    let { tariffs, assignments } = network;

    const changePrices = async (): Promise<void> => {
      const tariff = oneOf(tariffs, chance);
      if (tariff === undefined) return;
      const changed = dearer(tariff, chance.pick([0.5, 0.9, 1.1, 1.5]));
      await table.putTariff(changed);
      tariffs = tariffs.map((one) => (one === tariff ? changed : one));
    };
    const assign = async (): Promise<void> => {
      const [station, tariff] = [oneOf(network.stations, chance), oneOf(tariffs, chance)];
      const connector = station && oneOf(station.connectors, chance);
      if (station === undefined || tariff === undefined || connector === undefined) return;
      const validFrom = clock.now() + chance.pick([0, 10, 60]) * MINUTE_MS;
      const assignment: TariffAssignment = {
        tariffId: tariff.tariffId,
        ...chance.pick([{ siteId: station.siteId }, { stationId: station.stationId }]),
        ...chance.pick([{}, { connectorType: connector.connectorType }]),
        validFrom,
        ...chance.pick([{}, {}, { validUntil: validFrom + 60 * MINUTE_MS }]),
      };
      await table.assign(assignment);
      assignments = [...assignments.filter((one) => !isSameScope(one, assignment)), assignment];
    };
    const takeAway = async (): Promise<void> => {
      const assignment = oneOf(assignments, chance);
      if (assignment === undefined) return;
      await table.unassign(assignment);
      assignments = assignments.filter((one) => one !== assignment);
    };
    const act = async (): Promise<void> => {
      if (clock.now() > untilAt) return;
      await chance.pick([changePrices, changePrices, assign, assign, takeAway])();
      asked({ kind: 'prices', at: clock.now(), tariffs, assignments });
      clock.after(chance.wait(MEAN_GAP_MS), () => void act());
    };
    clock.after(chance.wait(MEAN_GAP_MS), () => void act());
  },
};
