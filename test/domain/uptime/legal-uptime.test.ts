import { describe, expect, it } from 'vitest';
import { neviReport } from '../../../domain/uptime/nevi-report.ts';
import { reportPeriod } from '../../../domain/uptime/report-period.ts';
import { ukReport } from '../../../domain/uptime/uk-report.ts';
import { uptimeCsv } from '../../../domain/uptime/uptime-csv.ts';
import type { UptimeRow } from '../../../domain/uptime/uptime-row.ts';

const row = (given: Partial<UptimeRow>): UptimeRow => ({
  minutes: 525_600,
  closedMin: 0,
  upMin: 0,
  downMin: 0,
  unknownMin: 0,
  excludedDownMin: 0,
  excludedUnknownMin: 0,
  ...given,
});
const account = (connector: string, given: Partial<UptimeRow>, ratedW = 150_000) => ({
  connector,
  stationId: 'S',
  siteId: 'A',
  ratedW,
  dueMin: 525_600,
  rows: [row(given)],
});

describe('NEVI uptime', () => {
  it('leaves out what was beyond the operator’s control: 24,000 minutes less 10,000 pass, unexcluded they fail', () => {
    const report = neviReport(
      [account('S#1#1', { downMin: 20_000, unknownMin: 4000, excludedDownMin: 10_000 })],
      'complete',
    );
    expect(report.ports[0]).toMatchObject({ outageMin: 24_000, excludedMin: 10_000, compliant: true });
    expect(report.ports[0]?.uptimePercent).toBeCloseTo(97.3364, 4);
    expect(report.ports[0]?.withoutExclusionsPercent).toBeCloseTo(95.4338, 4);
  });

  it('judges each port by itself, at more than 97 %', () => {
    const report = neviReport(
      [account('bad', { downMin: 15_768 }), account('good', { downMin: 15_767 }), account('perfect', {})],
      'complete',
    );
    expect([report.compliant, ...report.ports.map(({ compliant }) => compliant)]).toEqual([false, false, true, true]);
  });
});

describe('NEVI uptime of what was not measured', () => {
  const month = 43_200;

  it('is none: a port with no minute on record shows no percentage and is not compliant', () => {
    const silent = { ...account('silent', {}), rows: [] };
    const [port] = neviReport([silent], 'complete').ports;
    expect(port).toMatchObject({ coveredMin: 0, unmeasuredMin: 525_600, compliant: false });
    expect(port).not.toHaveProperty('uptimePercent');
    expect(neviReport([], 'complete').compliant).toBe(false);
    expect(neviReport([{ ...silent, dueMin: 0 }], 'future')).toMatchObject({ period: 'future', compliant: false });
  });

  it('starts when a port is commissioned: a young one is held against its own time', () => {
    const young = { ...account('young', { minutes: month, upMin: 40_000, downMin: 3200 }), dueMin: month };
    const [port] = neviReport([young], 'complete').ports;
    expect(port?.uptimePercent).toBeCloseTo((100 * 40_000) / month, 6);
    expect(port?.compliant).toBe(false);
  });

  it('does not take minutes as up that should be on record and are not', () => {
    const [port] = neviReport([account('gap', { minutes: month, upMin: month })], 'complete').ports;
    expect(port).toMatchObject({ coveredMin: month, unmeasuredMin: 525_600 - month, compliant: false });
    expect(port?.uptimePercent).toBeCloseTo((100 * month) / 525_600, 6);
  });
});

describe('UK reliability', () => {
  const accounts = [
    account('one', { downMin: 6000, unknownMin: 8000 }),
    account('two', { downMin: 6000, unknownMin: 9000 }),
    account('three', { minutes: 525_600, closedMin: 175_200, downMin: 2000 }),
    account('slow', { downMin: 500_000 }, 22_000),
  ];

  it('pools the minutes of points of 50 kW and more and shows what other readings give', () => {
    const report = ukReport(accounts, 'complete');
    expect(report.points.map(({ connector }) => connector)).toEqual(['one', 'two', 'three']);
    expect(report.compliant).toBe(true);
    expect(report.pooledPercent).toBeCloseTo(99.0011, 4);
    expect(report.meanOfPointsPercent).toBeCloseTo(99.0487, 4);
    expect(report.unknownRemovedPercent).toBeCloseTo(98.9889, 4);
    expect(report.unknownAsDownPercent).toBeCloseTo(97.7882, 4);
  });

  it('counts an exempted time as reliable also where its unknown minutes are taken as down', () => {
    const powerCut = { minutes: 43_200, upMin: 40_320, unknownMin: 2880, excludedUnknownMin: 1440 };
    const report = ukReport([{ ...account('one', powerCut), dueMin: 43_200 }], 'complete');
    expect(report.unknownAsDownPercent).toBeCloseTo((100 * (43_200 - 1440)) / 43_200, 6);
  });

  it('claims nothing without a point to measure', () => {
    expect(ukReport([account('slow', {}, 7000)], 'complete')).toEqual({
      rule: 'uk',
      period: 'complete',
      points: [],
      compliant: false,
    });
  });

  it('does not take minutes as reliable that nobody measured', () => {
    const half = { ...account('half', { minutes: 262_800, upMin: 262_800 }), dueMin: 525_600 };
    const report = ukReport([half], 'complete');
    expect(report).toMatchObject({ compliant: false, pooledPercent: 50, points: [{ unmeasuredMin: 262_800 }] });
    const none = ukReport([{ ...half, rows: [] }], 'complete');
    expect([none.compliant, none.pooledPercent, none.points[0]?.reliablePercent]).toEqual([
      false,
      undefined,
      undefined,
    ]);
  });

  it('is CSV with the network’s figures at the end', () => {
    expect(uptimeCsv(ukReport(accounts, 'complete')).split('\n')).toEqual([
      'connector,stationId,siteId,accessibleMin,downMin,excludedMin,unknownMin,unmeasuredMin,reliablePercent,period',
      'one,S,A,525600,6000,0,8000,0,98.8584,complete',
      'two,S,A,525600,6000,0,9000,0,98.8584,complete',
      'three,S,A,350400,2000,0,0,0,99.4292,complete',
      'NETWORK pooled,,,,,,,,99.0011,complete',
      'NETWORK mean of points,,,,,,,,99.0487,complete',
      'NETWORK unknown removed,,,,,,,,98.9889,complete',
      'NETWORK unknown as down,,,,,,,,97.7882,complete',
    ]);
  });
});

describe('the period of a report', () => {
  const days = (rule: 'nevi' | 'uk', month: string) => {
    const { startAt, endAt } = reportPeriod(rule, month, 'UTC');
    return [new Date(startAt).toISOString().slice(0, 10), new Date(endAt).toISOString().slice(0, 10)];
  };
  it('is twelve months for NEVI and the calendar year so far for the UK', () => {
    expect([days('nevi', '2026-10'), days('nevi', '2026-12'), days('uk', '2026-10')]).toEqual([
      ['2025-11-01', '2026-11-01'],
      ['2026-01-01', '2027-01-01'],
      ['2026-01-01', '2026-11-01'],
    ]);
  });
});
