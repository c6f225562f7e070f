import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { findLost } from '../../use-cases/find-lost/find-lost.ts';
import { connector, minute, report, session, stationState } from '../domain/alerts/fixtures.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';

const now = minute(60);

/** A station whose socket was gone ten minutes ago. */
const lost = (number: number) => {
  const stationId = `CS-${number}`;
  const state = stationState({ stationId, presence: { kind: 'online', since: minute(0) } });
  return { stationId, state, connectivity: { disconnectedAt: now - 10 * MINUTE_MS } };
};
const network = (size: number) => Array.from({ length: size }, (_, number) => lost(number));

it('tells of a station that counts as offline, and was heard on its connection since', async () => {
  const stream = fakeOcppStream();
  const state = stationState({ stationId: 'CS-1', presence: { kind: 'offline', since: minute(0) } });
  const connectivity = { connectionId: 'c', connectedAt: minute(0) };
  const station = { stationId: 'CS-1', state, connectivity, lastSeenAt: minute(50) };
  expect(await findLost(stream)({ stations: [station], connectors: [] }, now)).toBe(1);
  expect(stream.records).toEqual([
    { kind: 'sweep', stationId: 'CS-1', receivedAt: now, finding: { type: 'StationHeard', at: minute(50) } },
  ]);
});

it('leaves a session open whose connector said it is free, while the clock of its station is in doubt', async () => {
  const said = minute(45);
  const free = report({ at: said, receivedAt: said });
  const connectors = [connector({ report: free, session: session(44), lastSeenAt: said })];
  const abandoned = async (clockSamplesMs?: readonly number[]) => {
    const stream = fakeOcppStream();
    const state = stationState({ stationId: 'CS-1', ...(clockSamplesMs && { clockSamplesMs }) });
    await findLost(stream)({ stations: [{ stationId: 'CS-1', state, lastSeenAt: minute(59) }], connectors }, now);
    return stream.records;
  };
  expect(await abandoned()).toMatchObject([{ finding: { type: 'SessionAbandoned', at: said } }]);
  expect(await abandoned([-20 * HOUR_MS])).toEqual([]);
});

describe('stations that are lost at once', () => {
  it('are told 2,500 in a run: a stream that also carries chargers takes a thousand records a second', async () => {
    const stream = fakeOcppStream();
    const found = await findLost(stream)({ stations: network(2_600), connectors: [] }, now);
    expect([found, stream.records.length]).toEqual([2_600, 2_500]);
  });

  it('are told four at a time', async () => {
    let [open, most] = [0, 0];
    const put = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
    };
    await findLost({ put })({ stations: network(40), connectors: [] }, now);
    expect(most).toBe(4);
  });
});
