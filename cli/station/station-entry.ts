import { isStationId } from '../../domain/registry/is-station-id.ts';
import type { RegisteredConnector, Registration } from '../../domain/registry/registration.ts';
import { ocppVersions } from '../../ocpp/frames/envelope.ts';
import {
  type EntryFields,
  onlyFields,
  optionalNumber,
  optionalText,
  optionalWord,
  textField,
} from '../command-line/entry-fields.ts';
import { instantOfText } from '../command-line/instant-flag.ts';
import { Problem } from '../command-line/problem.ts';
import { connectorSpec } from './connector-spec.ts';

/**
 * A station as the operator writes it: an element of a seed file's "stations", or the flags of `station add`.
 * Power in kW, connectors as "1:CCS:50" or "2.1:Type2:22:phases=3,rotation=STR" (see connector-spec.ts).
 */
export type StationEntry = {
  readonly stationId: string;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  /** IANA name, such as Europe/London. */
  readonly timeZone: string;
  readonly connectors: readonly string[];
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
  readonly contractMaxKw?: number | undefined;
  /** Between phase and neutral of its supply, V, in split-phase supply between the two lines; default 230. */
  readonly supplyVoltageV?: number | undefined;
  /** When it went into service, an instant with its zone; default: when it is first registered. Legal uptime starts there. */
  readonly commissionedAt?: string | undefined;
  /** Default 'accepted'. */
  readonly admission?: Registration['admission'] | undefined;
  /** What it speaks over MQTT; default 1.6. */
  readonly ocpp?: Registration['ocpp'] | undefined;
  /** 16 to 256 characters. Left out: kept as it is, or made for a new station. */
  readonly password?: string | undefined;
};

/** An entry without a fault: what is to be registered, and the password that was chosen. */
export type CheckedEntry = {
  readonly registration: Registration;
  readonly password: string | undefined;
};

const known = [
  ...['stationId', 'siteId', 'zoneId', 'region', 'timeZone', 'connectors', 'latitude', 'longitude', 'vendor', 'model'],
  ...['firmware', 'contractMaxKw', 'supplyVoltageV', 'commissionedAt', 'admission', 'ocpp', 'password'],
];
const MAX_CONNECTORS = 100;
const MAX_CONTRACT_KW = 100_000;
/** From a small split-phase supply to the phase voltage of an industrial grid. */
const SUPPLY_VOLTAGES_V = [100, 400] as const;
const MIN_PASSWORD_LENGTH = 16;
/** In UTF-8: the authorizer reads no longer header. */
const MAX_PASSWORD_BYTES = 256;

const stationId = (fields: EntryFields): string => {
  const id = textField(fields, 'stationId');
  if (isStationId(id)) return id;
  throw new Problem(`"${id}" is no station id: use 1 to 48 letters, digits and * - _ = + | @ .`);
};

const timeZone = (fields: EntryFields): string => {
  const name = textField(fields, 'timeZone');
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch (error) {
    throw new Problem(`"${name}" is no time zone: give an IANA name such as Europe/London`, { cause: error });
  }
};

const commissionedAt = (fields: EntryFields): number | undefined => {
  const text = optionalText(fields, 'commissionedAt');
  if (text === undefined) return undefined;
  const at = text.includes('T') ? instantOfText(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Problem('commissionedAt: an instant with its zone, such as 2026-10-01T08:00:00Z');
  return at;
};

const connectors = (fields: EntryFields): RegisteredConnector[] => {
  const { connectors: given } = fields;
  const supplyVoltageV = optionalNumber(fields, 'supplyVoltageV', ...SUPPLY_VOLTAGES_V);
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_CONNECTORS)
    throw new Problem(`connectors: give 1 to ${MAX_CONNECTORS}, such as 1:CCS:50`);
  const found = given.map((spec: unknown) => connectorSpec(String(spec), supplyVoltageV));
  const places = found.map(({ evseId, connectorId }) => `${evseId}.${connectorId}`);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) throw new Problem(`connector ${twice} is given twice`);
  return found;
};

/** Characters that no password is presented with: the authorizer takes bytes with one of them for a binary key. */
const isControl = /[\p{Cc}\uFFFD]/u;

/** A password of the operator's own choice, or nothing. Never repeats it in the message. */
export const checkPassword = (password: unknown): string | undefined => {
  if (password === undefined) return undefined;
  const isFit =
    typeof password === 'string' &&
    password.length >= MIN_PASSWORD_LENGTH &&
    Buffer.byteLength(password) <= MAX_PASSWORD_BYTES &&
    password.isWellFormed() &&
    !isControl.test(password);
  if (isFit) return password;
  throw new Problem(
    `the password must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_BYTES} characters (in UTF-8 ${MAX_PASSWORD_BYTES} bytes), no control characters; leave it out to have one made`,
  );
};

/** Checks an entry, whoever wrote it. Throws a Problem that says what is wrong and what would be right. */
export const checkEntry = (entry: unknown): CheckedEntry => {
  if (typeof entry !== 'object' || entry === null)
    throw new Problem('a station is an object with stationId, siteId, ...');
  const fields: EntryFields = { ...entry };
  onlyFields(fields, known);
  const contractMaxKw = optionalNumber(fields, 'contractMaxKw', 0.1, MAX_CONTRACT_KW);
  const latitude = optionalNumber(fields, 'latitude', -90, 90);
  const longitude = optionalNumber(fields, 'longitude', -180, 180);
  const [vendor, model, firmware] = ['vendor', 'model', 'firmware'].map((name) => optionalText(fields, name));
  const ocpp = optionalWord(fields, 'ocpp', ocppVersions);
  const commissioned = commissionedAt(fields);
  return {
    registration: {
      stationId: stationId(fields),
      siteId: textField(fields, 'siteId'),
      zoneId: textField(fields, 'zoneId'),
      region: textField(fields, 'region'),
      timeZone: timeZone(fields),
      connectors: connectors(fields),
      admission: optionalWord(fields, 'admission', ['accepted', 'pending', 'rejected']) ?? 'accepted',
      ...(contractMaxKw !== undefined && { contractMaxW: Math.round(contractMaxKw * 1000) }),
      ...(latitude !== undefined && { latitude }),
      ...(longitude !== undefined && { longitude }),
      ...(vendor !== undefined && { vendor }),
      ...(model !== undefined && { model }),
      ...(firmware !== undefined && { firmware }),
      ...(ocpp !== undefined && { ocpp }),
      ...(commissioned !== undefined && { commissionedAt: commissioned }),
    },
    password: checkPassword(fields.password),
  };
};
