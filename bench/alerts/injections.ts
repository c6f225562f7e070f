import { registrationOf } from './registration-of.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const midnight = Date.parse('2026-11-20T00:00:00.000Z');

type Place = { readonly stationId: string; readonly connector?: number };
/** Something that goes wrong, and the alert it has to raise. */
export type Injection = {
  readonly what: 'soft fault' | 'hard fault' | 'silent station' | 'overloaded site';
  readonly rule: string;
  readonly at: number;
  readonly until: number;
  readonly place: Place | { readonly siteId: string };
};

/** An instant of the day, ms. */
export const at = (hours: number, minutes = 0): number => midnight + hours * HOUR + minutes * MINUTE;
const cs = (index: number): string => registrationOf(index).stationId;
const fault = (index: number, rule: string, hour: number): Injection => ({
  what: 'hard fault',
  rule,
  at: at(hour, 7),
  until: at(hour, 52),
  place: { stationId: cs(index), connector: 1 },
});
const soft = (index: number, rule: string, hour: number): Injection => ({
  what: 'soft fault',
  rule,
  at: at(hour, 3),
  until: at(hour + 1),
  place: { stationId: cs(index), connector: 1 },
});
const silence = (index: number, hour: number): Injection => ({
  what: 'silent station',
  rule: 'silent-station',
  at: at(hour, 31),
  until: at(hour + 2),
  place: { stationId: cs(index) },
});

export const OVERLOADED_SITE = 'site-7';

export const injections: readonly Injection[] = [
  soft(10, 'low-power', 9),
  soft(21, 'low-power', 14),
  soft(32, 'stalled-session', 17),
  fault(43, 'connector-fault', 8),
  fault(54, 'connector-fault', 11),
  fault(65, 'ground-fault', 13),
  fault(76, 'high-temperature', 15),
  fault(86, 'connector-fault', 19),
  silence(98, 10),
  silence(109, 16),
  {
    what: 'overloaded site',
    rule: 'site-over-demand',
    at: at(12),
    until: at(12, 45),
    place: { siteId: OVERLOADED_SITE },
  },
];

export const errorCodes: Readonly<Record<string, string>> = {
  'ground-fault': 'GroundFailure',
  'high-temperature': 'HighTemperature',
};
