import { expect, it } from 'vitest';
import { leastChargingW } from '../../../domain/connector/least-charging-w.ts';
import { electricsOf } from '../../../domain/registry/electrics.ts';
import { connector, session } from '../alerts/fixtures.ts';

const { place } = connector();
const at = (connectorType: string, ratedW: number, conductors?: readonly (1 | 2 | 3)[]): number => {
  const electrics = electricsOf({ connectorType, ratedW });
  const charging = session(5, conductors === undefined ? {} : { conductors });
  return leastChargingW(connector({ place: { ...place, connectorType, ratedW, electrics }, session: charging }));
};

it('is the minimum of the connector on the conductors that the car uses, short of a rounding', () => {
  expect([at('Type2', 22_000), at('Type2', 22_000, [1]), at('Type2', 22_000, [1, 2]), at('Type2', 7_400)]).toEqual([
    4_139, 1_379, 2_759, 1_379,
  ]);
});

it('is that of a direct-current charger, whatever conductors were told', () => {
  expect([at('CCS', 50_000), at('CCS', 50_000, [1]), at('CCS', 1_000)]).toEqual([1_999, 1_999, 999]);
});
