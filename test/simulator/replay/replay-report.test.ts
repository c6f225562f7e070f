import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordedRows } from '../../../simulator/replay/recorded-row.ts';
import { type Recording, replayPlan, type StationPlan } from '../../../simulator/replay/replay-plan.ts';
import { maxConcurrent, replayReport, type StoredSession } from '../../../simulator/replay/replay-report.ts';

const week = () => recordedRows(readFileSync('data/demo-week-2018-10-22.csv', 'utf8'));

/** What stores without a fault would hold after this recording was delivered. */
const stored = ({ stationId }: StationPlan, recording: Recording): StoredSession => {
  const { startAt, meterStartWh, readings, stop, transactionId, tag } = recording;
  const last = stop ?? { at: startAt, registerWh: meterStartWh };
  const energyWh = Math.max(0, last.registerWh - meterStartWh);
  return {
    sessionId: `${stationId}.${transactionId}`,
    stationId,
    transactionId,
    tag,
    startedAt: startAt,
    energyWh,
    meterStartWh,
    curve: [
      [0, 0],
      ...[...readings, last].map(({ at, registerWh }) => [(at - startAt) / 1000, registerWh - meterStartWh] as const),
    ],
    flags: stop ? [] : ['inferredStop'],
    ...(stop ? { endedAt: stop.at, meterStopWh: stop.registerWh } : {}),
  };
};

const report = (rows: ReturnType<typeof week>) => {
  const plan = replayPlan(rows);
  const sessions = plan.stations.flatMap((station) =>
    station.recordings.map((recording) => stored(station, recording)),
  );
  return replayReport(plan, sessions);
};

/** The linear split of every valid row's energy over its duration, straight from the file. */
const splitByHour = (rows: ReturnType<typeof week>): Map<string, number> => {
  const hours = new Map<string, number>();
  for (const { startAt, endAt, energyKwh } of rows) {
    if (startAt === undefined || endAt === undefined || energyKwh === undefined) continue;
    for (let at = Math.floor(startAt / 3_600_000) * 3_600_000; at < endAt || at <= startAt; at += 3_600_000) {
      const inside = Math.min(endAt, at + 3_600_000) - Math.max(startAt, at);
      const share = endAt === startAt ? 1 : inside / (endAt - startAt);
      const hour = new Date(at).toISOString().slice(0, 13);
      hours.set(hour, (hours.get(hour) ?? 0) + share * energyKwh);
    }
  }
  return hours;
};

describe('the demo week', () => {
  const { byHourUtc, byStation, ...totals } = report(week());

  it('counts 623 sessions with 7,013.879 kWh, at most 17 at once, and tells of the three rows that never closed', () => {
    const reason = 'never closed: no end and no energy';
    expect(totals).toEqual({
      rows: 626,
      sessions: 623,
      orphans: 3,
      rejected: [
        { id: 'PKC-September2018-28621', reason },
        { id: 'PKC-September2018-28620', reason },
        { id: 'PKC-September2018-28555', reason },
      ],
      suspect: [],
      stationIds: {},
      energyKwh: 7013.879,
      byMonthUtc: { '2018-10': 7013.879 },
      maxConcurrent: { count: 17, at: '2018-10-23T10:19:00Z' },
    });
  });

  it('splits energy over the hours as the sessions did, to the watt-hour', () => {
    const expected = splitByHour(week());
    expect(Object.keys(byHourUtc)).toEqual([...expected.keys()].toSorted());
    for (const [hour, energyKwh] of expected) expect(Math.abs((byHourUtc[hour] ?? 0) - energyKwh)).toBeLessThan(0.001);
  });

  it('gives the energy of each of its 31 stations', () => {
    const sum = Object.values(byStation).reduce((total, energyKwh) => total + energyKwh, 0);
    expect(Object.keys(byStation)).toHaveLength(31);
    expect(sum).toBeCloseTo(7013.879, 6);
  });
});

describe('rows that are no sessions', () => {
  const header =
    'session_id,site,station_id,connector_id,equipment,start_local,end_local,start_utc,end_utc,energy_kwh,flags';
  const row = (id: string, start: string, end: string, energy: string) =>
    `${id},Depot,S1,1,APT 22kW Dual Outlet,,,${start},${end},${energy},`;
  const csv = [
    header,
    row('open', '2017-03-01T10:00:00Z', '', ''),
    row('epoch', '2017-03-02T10:00:00Z', '1970-01-01T00:00:00Z', '4.32'),
    row('negative', '2017-03-03T10:00:00Z', '2017-03-03T11:00:00Z', '-1394.711'),
    row('noEnergy', '2017-03-04T10:00:00Z', '2017-03-04T11:00:00Z', ''),
    row('good', '2017-03-05T10:00:00Z', '2017-03-05T11:00:00Z', '5.5'),
    row('instant', '2017-03-06T10:00:00Z', '2017-03-06T10:00:00Z', '0.25'),
    row('startless', '', '2017-03-06T10:00:00Z', '1'),
  ].join('\n');

  it('are each rejected with their reason, and leave the others untouched', () => {
    const { rejected, sessions, energyKwh, orphans, rows } = report(recordedRows(csv));
    expect({ rejected, sessions, energyKwh, orphans, rows }).toEqual({
      rows: 7,
      sessions: 2,
      orphans: 3,
      energyKwh: 5.75,
      rejected: [
        { id: 'open', reason: 'never closed: no end and no energy' },
        { id: 'epoch', reason: 'end before start' },
        { id: 'negative', reason: 'negative energy' },
        { id: 'noEnergy', reason: 'no energy' },
        { id: 'startless', reason: 'no start' },
      ],
    });
  });
});

describe('maxConcurrent', () => {
  it('does not count a session that ends in the moment another starts', () => {
    expect(
      maxConcurrent([
        { startedAt: 0, endedAt: 60_000 },
        { startedAt: 60_000, endedAt: 120_000 },
        { startedAt: 60_000, endedAt: 60_000 },
      ]),
    ).toEqual({ count: 1, at: '1970-01-01T00:00:00Z' });
  });
});
