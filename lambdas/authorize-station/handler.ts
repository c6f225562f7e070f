import { credentialCheck } from '../../aws/credential-check.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { authorizer } from '../../runtime/authorizer.ts';
import { system } from '../../runtime/system.ts';
import { authorizeStation } from '../../use-cases/authorize-station/authorize-station.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const registry = stationRegistry(env.STATIONS_TABLE, system);
const matches = credentialCheck(system.clock);

export const handler = authorizer((presented) => authorizeStation(presented, registry, matches));
