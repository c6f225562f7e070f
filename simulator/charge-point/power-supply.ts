import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { charged, floorW, outletPhases, takenW, type Vehicle } from './cars/vehicle.ts';
import type { Obedience } from './commands/behaviour.ts';
import type { SimulatedConnector } from './simulated-connector.ts';
import type { InstalledProfile } from './smart-charging/installed-profile.ts';
import { amperesOf, limitChanges, type Outlet, outletLimit, stationLimitW } from './smart-charging/outlet-limit.ts';
import { sharedPower } from './smart-charging/shared-power.ts';

const second = 1000;
const day = 86_400 * second;

/** The power of a station: what its connectors give under the limits it has taken, and how much energy that was. */
export type PowerSupply = {
  /** Counts the energy that flowed since the last look, and finds the power that flows from now on. */
  readonly advance: () => void;
  /** A transaction began or ended: what holds for it holds at once. */
  readonly transactionChanged: () => void;
  /** Profiles were installed or cleared: followed as the station follows them. */
  readonly profilesChanged: () => void;
};

export type PowerSupplyOptions = {
  readonly connectors: readonly SimulatedConnector[];
  readonly profiles: () => readonly InstalledProfile[];
  readonly obedience: () => Obedience;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly chance: Random;
  /** What a connector is offered has changed. */
  readonly offerChanged: (connector: SimulatedConnector) => void;
};

/** A connector as profiles see it. A direct-current one takes all three phases from the grid. */
export const outletOf = ({ evseId, ratedW, alternating, transaction }: SimulatedConnector): Outlet => ({
  evseId,
  ratedW,
  phases: alternating ? outletPhases(ratedW) : 3,
  ...(transaction && { transaction }),
});

const chargingCar = ({ vehicle, transaction, softFault }: SimulatedConnector): Vehicle | undefined =>
  transaction && !softFault ? vehicle : undefined;

/** Closer than this a power is reached, W. */
const NEAR_W = 1;

/** The power supply of one station. */
export const powerSupply = (options: PowerSupplyOptions): PowerSupply => {
  const { connectors, profiles, obedience, clock, chance, offerChanged } = options;
  let stationW = Infinity;
  let cancelChange = () => {};
  let cancelRamp = () => {};
  let isRamping = false;

  /** What each connector would give now. Cars that came first are first. */
  const targets = (): ReadonlyMap<SimulatedConnector, number> => {
    const taking = connectors
      .flatMap((connector) => {
        const vehicle = chargingCar(connector);
        if (!vehicle) return [];
        const demandW = takenW(vehicle, connector) * chance.between(1 - vehicle.wavers, 1);
        return [{ connector, demandW, floorW: Math.min(demandW, floorW(vehicle, connector)) }];
      })
      .toSorted((a, b) => (a.connector.transaction?.startedAt ?? 0) - (b.connector.transaction?.startedAt ?? 0));
    const shares = sharedPower(taking, stationW);
    return new Map(taking.map(({ connector }, index) => [connector, shares[index] ?? 0]));
  };

  const count = (connector: SimulatedConnector, at: number): number => {
    const elapsedMs = Math.max(0, at - connector.countedAt);
    const energyWh = (connector.powerW * elapsedMs) / 3_600_000;
    connector.registerWh += energyWh;
    connector.countedAt = at;
    if (connector.vehicle) connector.vehicle = charged(connector.vehicle, energyWh);
    return elapsedMs;
  };

  const advance = (): void => {
    const at = clock.now();
    const elapsed = new Map(connectors.map((connector) => [connector, count(connector, at)]));
    const target = targets();
    const follows = obedience();
    const rampsSince = isRamping;
    isRamping = false;
    for (const connector of connectors) {
      const wantedW = target.get(connector) ?? 0;
      const stepW =
        follows.kind === 'slow'
          ? (follows.rampWPerSec * (rampsSince ? (elapsed.get(connector) ?? 0) : 0)) / second
          : Infinity;
      // A car that is gone takes nothing, however slow the station is.
      const isGone = connector.transaction === undefined || connector.vehicle === undefined;
      const nextW = isGone ? 0 : Math.max(connector.powerW - stepW, Math.min(connector.powerW + stepW, wantedW));
      connector.powerW = nextW;
      isRamping ||= !isGone && Math.abs(nextW - wantedW) > Math.max(NEAR_W, 0.03 * wantedW);
    }
    cancelRamp();
    if (isRamping) cancelRamp = clock.after(second, advance);
  };

  const delayMs = (): number => {
    const follows = obedience();
    return follows.kind === 'slow' ? follows.delayMs : chance.between(0.5, 2) * second;
  };
  const follow = (): void => {
    const at = clock.now();
    const [installed, outlets] = [profiles(), connectors.map(outletOf)];
    cancelChange();
    const [next = installed.length > 0 ? at + day : undefined] = limitChanges(installed, outlets, at, at + day);
    if (next !== undefined) cancelChange = clock.after(next - at, follow);
    const isDisobedient = obedience().kind === 'none';
    const isStationLess = stationW;
    stationW = isDisobedient ? Infinity : stationLimitW(installed, at);
    const changed = connectors.filter((connector) => {
      const before = connector.limit;
      const limit = outletLimit(isDisobedient ? [] : installed, outletOf(connector), at);
      connector.limit = limit;
      const isOther = amperesOf(before) !== amperesOf(limit) || before.phases !== limit.phases;
      return isOther || isStationLess !== stationW;
    });
    advance();
    for (const connector of changed) if (connector.transaction) offerChanged(connector);
  };

  return {
    advance,
    transactionChanged: follow,
    profilesChanged: () => void clock.after(delayMs(), follow),
  };
};
