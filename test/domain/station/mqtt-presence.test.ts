import { describe, expect, it } from 'vitest';
import { stationVersion } from '../../../domain/alerts/station-snapshot.ts';
import { mqttPresence } from '../../../domain/station/mqtt-presence.ts';
import type { Connectivity } from '../../../domain/station/station.ts';
import { registration } from '../../fakes/registration.ts';

const session = (version: number, at: number) => ({ connectionId: `s${version}`, at, version });
const opening = (version: number, at: number) => ({ ...session(version, at), ocpp: '1.6' }) as const;

const imageVersion = (connectivity: Connectivity | undefined): number =>
  stationVersion({ stationId: 'CP01', registration: registration(), ...(connectivity && { connectivity }) });

describe('the presence of an MQTT client', () => {
  it('never lets the version of a station fall, although a session is stamped before the end of the one before', () => {
    const opened = mqttPresence.opened(undefined, opening(4, 1_000_000));
    const closed = mqttPresence.closed(opened, session(4, 1_300_000));
    const again = mqttPresence.opened(closed, opening(5, 1_240_000));
    expect([again?.connectionId, [opened, closed, again].map(imageVersion)]).toEqual([
      's5',
      [1_000_000, 1_300_000, 1_300_000],
    ]);
  });

  it('does not open a session that ended first, although an older one ended by a later stamp', () => {
    const gone = mqttPresence.closed(undefined, session(4, 1_010_000));
    const bothGone = mqttPresence.closed(gone, session(5, 1_000_000));
    expect(mqttPresence.opened(bothGone, opening(5, 990_000))).toBeUndefined();
  });
});
