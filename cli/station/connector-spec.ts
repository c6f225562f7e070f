import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type Electrics, electricsOf, LEAST_PILOT_A, phaseRotations } from '../../domain/registry/electrics.ts';
import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { Problem } from '../command-line/problem.ts';

const spec =
  /^(?<evse>\d{1,3})(?:\.(?<connector>\d{1,3}))?:(?<type>[^:]{1,30}):(?<kw>\d{1,4}(?:\.\d{1,3})?)(?::(?<stated>.+))?$/;

/** What may be said after the rating, as NAME=VALUE. */
const names = ['current', 'phases', 'rotation', 'min-a', 'min-kw', 'cable-a', 'feeder'] as const;
type Stated = { [name in (typeof names)[number]]?: string };

const FEEDER = /^[\w.-]{1,40}$/;
/** A rating in kW is rounded: 7.4 kW stands for 32 A at 230 V. */
const ROUNDING = 1.03;
const MOST_AC_A = 250;

const statedOf = (text: string, place: string): Stated => {
  const stated: Stated = {};
  for (const part of text.split(',')) {
    const [given, value] = part.split('=', 2);
    const name = names.find((known) => known === given);
    if (name === undefined || value === undefined || value === '')
      throw new Problem(
        `connector ${place}: "${part}" is not understood; write NAME=VALUE with one of ${names.join(', ')}, such as phases=3`,
      );
    if (stated[name] !== undefined) throw new Problem(`connector ${place}: ${name} is given twice`);
    stated[name] = value;
  }
  return stated;
};

const oneOf = <Word extends string>(text: string | undefined, name: string, words: readonly Word[], place: string) => {
  const word = words.find((known) => known.toLowerCase() === text?.toLowerCase());
  if (text === undefined || word !== undefined) return word;
  throw new Problem(`connector ${place}: ${name} is one of ${words.join(', ')}, not "${text}"`);
};

const positive = (text: string | undefined, name: string, place: string): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new Problem(`connector ${place}: ${name} is a number above 0, not "${text}"`);
};

/** Every fault of the figures, in the words of somebody who wires charging sites. */
const faultOf = (ratedW: number, electrics: Electrics, stated: Stated): string | undefined => {
  const ratedKw = ratedW / 1000;
  if (electrics.current === 'DC') {
    if (stated['min-a'] !== undefined) return 'it delivers direct current: give its minimum as min-kw, not as min-a';
    if (stated['cable-a'] !== undefined) return 'it delivers direct current: its rating in kW says what it can carry';
    return electrics.minimumW > ratedW
      ? `its minimum of ${electrics.minimumW / 1000} kW is above its rating of ${ratedKw} kW`
      : undefined;
  }
  const { phases, voltageV, minimumA, ratedA } = electrics;
  if (stated['min-kw'] !== undefined)
    return 'it delivers alternating current: give its minimum as min-a, in amperes per phase';
  if (minimumA < LEAST_PILOT_A)
    return `a car cannot be told less than ${LEAST_PILOT_A} A (IEC 61851-1): min-a=${minimumA} is too low`;
  const ratedPerPhaseA = ratedW / (voltageV * phases);
  if (ratedPerPhaseA > MOST_AC_A)
    return `${ratedKw} kW on ${phases === 1 ? 'one phase' : 'three phases'} of ${voltageV} V are ${Math.round(ratedPerPhaseA)} A per phase: check kW, phases and voltage`;
  if (ratedA !== undefined && ratedA < minimumA)
    return `its cable bears ${ratedA} A, less than the minimum of ${minimumA} A`;
  if (minimumA > ratedPerPhaseA * ROUNDING)
    return `its minimum of ${minimumA} A per phase is above its rating of ${ratedKw} kW (${ratedPerPhaseA.toFixed(1)} A per phase)`;
  return undefined;
};

const oneOrThree = (phases: '1' | '3'): 1 | 3 => (phases === '1' ? 1 : 3);

const electricsOfStated = (
  rated: Pick<RegisteredConnector, 'connectorType' | 'ratedW'>,
  stated: Stated,
  voltageV: number | undefined,
  place: string,
): Electrics => {
  const feeder = stated.feeder;
  if (feeder !== undefined && !FEEDER.test(feeder))
    throw new Problem(`connector ${place}: a feeder has 1 to 40 letters, digits and . _ -, not "${feeder}"`);
  const phases = oneOf(stated.phases, 'phases', ['1', '3'], place);
  const minimumKw = positive(stated['min-kw'], 'min-kw', place);
  const given = omitUndefined({
    current: oneOf(stated.current, 'current', ['AC', 'DC'], place),
    phases: phases && oneOrThree(phases),
    phaseRotation: oneOf(stated.rotation, 'rotation', phaseRotations, place),
    minimumA: positive(stated['min-a'], 'min-a', place),
    minimumW: minimumKw && Math.round(minimumKw * 1000),
    ratedA: positive(stated['cable-a'], 'cable-a', place),
    feeder,
    voltageV,
  });
  const electrics = electricsOf(rated, given);
  const fault = faultOf(rated.ratedW, electrics, stated);
  if (fault !== undefined) throw new Problem(`connector ${place}: ${fault}`);
  return electrics;
};

/**
 * Reads "1:CCS:50", "2.1:Type2:22" or "1:Type2:22:phases=3,rotation=STR,feeder=north": connector, type, rated kW and what is
 * unusual about its electrics. OCPP 1.6 numbers connectors only, so "1" stands for EVSE 1, connector 1; OCPP 2.x stations say
 * "evse.connector". Throws a Problem that says what is wrong and what would be right.
 */
export const connectorSpec = (text: string, voltageV?: number): RegisteredConnector => {
  const { evse, connector = evse, type, kw, stated } = spec.exec(text)?.groups ?? {};
  const [evseId, connectorId, ratedW] = [Number(evse), Number(connector), Math.round(Number(kw) * 1000)];
  if (type === undefined || !(evseId > 0 && connectorId > 0 && ratedW > 0))
    throw new Problem(
      `"${text}" is no connector: write NUMBER:TYPE:KW, such as 1:CCS:50, or EVSE.CONNECTOR:TYPE:KW, such as 2.1:Type2:22`,
    );
  const place = `${evseId}.${connectorId}`;
  const rated = { connectorType: type, ratedW };
  const said = stated === undefined ? {} : statedOf(stated, place);
  return { evseId, connectorId, ...rated, electrics: electricsOfStated(rated, said, voltageV, place) };
};

/** A connector as `connectorSpec` reads it: all that differs from what is usual for its type and rating. */
export const connectorText = (connector: RegisteredConnector): string => {
  const { evseId, connectorId, connectorType, ratedW, electrics } = connector;
  const rated = `${evseId}.${connectorId}:${connectorType}:${ratedW / 1000}`;
  if (electrics === undefined) return rated;
  const { current, voltageV } = electrics;
  const usual = electricsOf(connector, { voltageV });
  const usualOfCurrent = electricsOf(connector, { voltageV, current });
  const said: Stated = {};
  if (usual.current !== current) said.current = current;
  if (usualOfCurrent.phases !== electrics.phases) said.phases = String(electrics.phases);
  if (usualOfCurrent.phaseRotation !== electrics.phaseRotation) said.rotation = electrics.phaseRotation;
  if (electrics.current === 'DC') {
    if (usualOfCurrent.current === 'DC' && usualOfCurrent.minimumW !== electrics.minimumW)
      said['min-kw'] = String(electrics.minimumW / 1000);
  } else {
    if (electrics.minimumA !== LEAST_PILOT_A) said['min-a'] = String(electrics.minimumA);
    if (electrics.ratedA !== undefined) said['cable-a'] = String(electrics.ratedA);
  }
  if (electrics.feeder !== undefined) said.feeder = electrics.feeder;
  const words = Object.entries(said).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? rated : `${rated}:${words.join(',')}`;
};
