import { connect } from 'mqtt';
import type { Clock } from './clock.ts';
import { type Building, siteLoadW } from './site-load-w.ts';

export type BuildingMeter = {
  readonly siteId: string;
  readonly building: Building;
  readonly password: string;
  /** What the chargers of the site draw now, W. */
  readonly chargingW: () => number;
};

export type MeterOptions = {
  /** URL of the broker. */
  readonly broker: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: (line: string) => void;
};

/**
 * The building system of a site: tells the grid meter over MQTT every few seconds, as docs/signals.md asks. Returns how to
 * stop it.
 */
export const buildingMeter = (meter: BuildingMeter, { broker, everyMs, clock, log }: MeterOptions): (() => void) => {
  const { siteId, building, password, chargingW } = meter;
  const name = `site:${siteId}`;
  const client = connect(broker, {
    clientId: name,
    username: `${name}${new URL(broker).search}`,
    password,
    reconnectPeriod: 2_000,
    reconnectOnConnackError: true,
  });
  client.on('error', (error) => log(`${name}: ${error.message}`));
  let cancel = (): void => {};
  const tell = (): void => {
    const at = clock.now();
    const evPowerW = Math.round(chargingW());
    const reading = {
      version: 1,
      time: new Date(at).toISOString(),
      powerW: siteLoadW(building, at) + evPowerW,
      evPowerW,
    };
    // A reading that cannot be sent now is worth nothing later.
    if (client.connected) client.publish(`signals/${siteId}/demand`, JSON.stringify(reading));
    cancel = clock.after(everyMs, tell);
  };
  client.once('connect', tell);
  return () => {
    cancel();
    client.end(true);
  };
};
