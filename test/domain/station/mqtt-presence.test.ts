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

  describe('of a session that could not be told', () => {
    const minute = 60_000;
    const gone = mqttPresence.closed(mqttPresence.opened(undefined, opening(4, 0)), session(4, 10 * minute));
    const word = (at: number) => ({ connectionId: `untold-${at}`, ocpp: '1.6', at }) as const;

    it.each([
      ['was heard of on the session before only', 13, 40],
      ['was heard of for less than it may take to tell', 20, 23],
    ])('is not known of a station that %s', (_, heardMin, atMin) => {
      expect(mqttPresence.spoke(gone, word(atMin * minute), heardMin * minute)).toBeUndefined();
    });

    it('is not known of a station that has one', () => {
      const known = mqttPresence.opened(gone, opening(5, 20 * minute));
      expect(mqttPresence.spoke(known, word(60 * minute), 30 * minute)).toBeUndefined();
    });

    it('is known once its station speaks for minutes, also when nothing was ever told', () => {
      const found = [gone, undefined].map((known) => mqttPresence.spoke(known, word(40 * minute), 30 * minute));
      expect(found.map((next) => next?.connectionId)).toEqual([`untold-${40 * minute}`, `untold-${40 * minute}`]);
    });

    const stands = mqttPresence.spoke(gone, word(40 * minute), 30 * minute);

    it('outlives the end of the session before, told again', () => {
      expect(mqttPresence.closed(stands, session(4, 10 * minute))).toBeUndefined();
    });

    it('gives way to the next one, and ends with the end that is told, after which its own beginning opens nothing', () => {
      const next = mqttPresence.opened(stands, opening(6, 70 * minute));
      const ended = mqttPresence.closed(stands, session(5, 70 * minute));
      expect([next?.connectionId, next?.isUntold, ended?.connectionId]).toEqual(['s6', undefined, undefined]);
      expect(mqttPresence.opened(ended, opening(5, 41 * minute))).toBeUndefined();
    });
  });

  it('does not open a session that ended first, although an older one ended by a later stamp', () => {
    const gone = mqttPresence.closed(undefined, session(4, 1_010_000));
    const bothGone = mqttPresence.closed(gone, session(5, 1_000_000));
    expect(mqttPresence.opened(bothGone, opening(5, 990_000))).toBeUndefined();
  });
});
