import { matchesCredential } from '../../aws/credential.ts';
import { stationRegistry } from '../../aws/station-registry.ts';
import { authorizer } from '../../runtime/authorizer.ts';
import { authorizeStation } from './authorize-station.ts';
import { Env } from './env.ts';

const env = Env.parse(process.env);
const registry = stationRegistry(env.STATIONS_TABLE);

export const handler = authorizer((presented) => authorizeStation(presented, registry, matchesCredential));
