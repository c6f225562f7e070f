import { random } from '../../simulator/random.ts';
import type { SimOptions } from '../sim-options.ts';

/** Of the worlds with stations on MQTT, and of the stations in such a world. */
const WORLDS = 1 / 3;
const STATIONS = 0.5;

/** Whether some stations of a world speak over MQTT; the others, and those of all other worlds, over WebSockets. */
export const hasMqtt = ({ seed }: Pick<SimOptions, 'seed'>): boolean => random(`line ${seed}`).chance(WORLDS);

/** The stations of a world that speak over MQTT: the first, and some others. */
export const overMqtt = (
  options: Pick<SimOptions, 'seed'>,
  stations: readonly { readonly stationId: string }[],
): ReadonlySet<string> =>
  new Set(
    hasMqtt(options)
      ? stations
          .filter(({ stationId }, index) => index === 0 || random(`line ${options.seed} ${stationId}`).chance(STATIONS))
          .map(({ stationId }) => stationId)
      : [],
  );
