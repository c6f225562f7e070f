import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStation } from './fault.ts';

/** The value beside the measurand that tells the register, as text in OCPP 1.6 and as a number in 2.x. */
const REGISTER = /("value":"?)(\d+(?:\.\d+)?)("?,"measurand":"Energy\.Active\.Import\.Register")/g;

export const fallingRegister: Fault = {
  name: 'falling-register',
  about:
    'The register of a charger falls in the midst of a session: its meter was reset, or told the energy of something else.',
  often: { rough: 0.5, storm: 1 },
  lastsMs: [5 * MINUTE_MS, HOUR_MS],
  strike: (target, chance) => {
    const wrong = someStation(target, chance);
    target.doubt(wrong, 'meter');
    const share = chance.pick([0, 0.5, 0.999]);
    const isSteady = chance.chance(0.5);
    return {
      says: ({ stationId, text }) =>
        stationId === wrong && (isSteady || chance.chance(0.4))
          ? text.replace(REGISTER, (_, before, value, after) => `${before}${Math.floor(Number(value) * share)}${after}`)
          : text,
    };
  },
};
