import { parseArgs } from 'node:util';
import type { StationEntry } from './station-entry.ts';

export const stationUsage = `Usage: npm run station -- COMMAND [--stage dev|prod]
  add ID --site S --zone Z --region R --timezone Europe/London --connector 1:CCS:50 [--connector 2.1:Type2:22 ...]
         [--vendor V] [--model M] [--firmware F] [--contract-max-kw N] [--supply-voltage 230] [--lat N --lon N]
         [--commissioned 2026-10-01T08:00:00Z]
         [--admission accepted|pending|rejected] [--ocpp 1.6|2.0.1|2.1] [--password P] [--replace]
  list [--site S] [--json]
  remove ID [--decommissioned 2026-10-01T08:00:00Z]
  rotate ID [--password P]
  import FILE.json         {"stations": [{"stationId": "CP-1", "siteId": "S", "zoneId": "Z", "region": "R", "timeZone": "Europe/London",
                            "connectors": ["1:CCS:50"], ...}], "tags": [{"tag": "RFID-1"}]}
Without --stage the stack that runs on this machine is meant. --ocpp is what the station speaks over MQTT (default 1.6).
A connector may say more of its electrics: 1:Type2:22:phases=3,rotation=STR,min-a=6,cable-a=32,feeder=north,current=AC, a charger
of direct current 1:CCS:150:min-kw=5. Left out: one phase up to 32 A and three above, RST, 6 A, and 2 kW for direct current.
A password has at least 16 characters; left out, one is made and shown once.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Reads the flags of the station command. Throws node's own error for one it does not know. */
export const stationFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: text,
      site: text,
      zone: text,
      region: text,
      timezone: text,
      connector: { type: 'string', multiple: true },
      vendor: text,
      model: text,
      firmware: text,
      'contract-max-kw': text,
      'supply-voltage': text,
      commissioned: text,
      decommissioned: text,
      lat: text,
      lon: text,
      admission: text,
      ocpp: text,
      password: text,
      replace: flag,
      json: flag,
      help: flag,
    },
  });

export type StationFlags = ReturnType<typeof stationFlags>['values'];

/** NaN, which is refused, for a text that is no number. An empty one, an unset variable of a shell, would count as 0. */
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.trim() === '' ? Number.NaN : Number(text);

/** The entry that the flags of `add` describe, unchecked: fields carry the names of a seed file. */
export const entryOfFlags = (
  stationId: string | undefined,
  flags: StationFlags,
): { readonly [field in keyof StationEntry]: unknown } => ({
  stationId,
  siteId: flags.site,
  zoneId: flags.zone,
  region: flags.region,
  timeZone: flags.timezone,
  connectors: flags.connector ?? [],
  latitude: numberOf(flags.lat),
  longitude: numberOf(flags.lon),
  vendor: flags.vendor,
  model: flags.model,
  firmware: flags.firmware,
  contractMaxKw: numberOf(flags['contract-max-kw']),
  supplyVoltageV: numberOf(flags['supply-voltage']),
  commissionedAt: flags.commissioned,
  admission: flags.admission,
  ocpp: flags.ocpp,
  password: flags.password,
});
