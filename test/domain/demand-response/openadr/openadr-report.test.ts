import { describe, expect, it } from 'vitest';
import { readOpenAdrEvent } from '../../../../domain/demand-response/openadr/openadr-event.ts';
import { openAdrReport } from '../../../../domain/demand-response/openadr/openadr-report.ts';
import { readOpenAdrServer } from '../../../../domain/demand-response/openadr/openadr-server.ts';
import { readSignal } from '../../../../domain/demand-response/read-signal.ts';
import {
  activated,
  checked,
  ended,
  registerSignal,
  restored,
} from '../../../../domain/demand-response/signal-record.ts';

const noon = Date.parse('2026-07-01T12:00:00Z');
const hour = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();

const server = readOpenAdrServer({
  ...{ serverId: 'utility', url: 'https://vtn', version: '3.1' },
  programs: [{ program: 'peak', places: [{ zoneId: 'north' }] }],
});
const event = readOpenAdrEvent({
  ...{ id: 'e1', programID: 'p1', modificationDateTime: iso(noon), intervals: [] },
  reportDescriptors: ['BASELINE', 'DEMAND', 'OPERATING_STATE'].map((payloadType) => ({ payloadType })),
});

/** The signal of an interval from an hour on: 20 kW of the zone's 100 kW. */
const waiting = (signalId: string, startAt: number, zoneId = 'north') => {
  const asked = {
    signalId,
    type: 'CURTAIL',
    zoneId,
    reductionKw: 20,
    startAt: iso(startAt),
    endAt: iso(startAt + hour),
  };
  return registerSignal(undefined, readSignal(asked, { receivedAt: noon - hour, by: 'openadr: utility' })).record;
};
const active = (signalId: string, startAt: number, zoneId?: string, deliveredW = 20_000) => {
  const figures = {
    baselineW: 100_000,
    askedW: 20_000,
    plannedW: 20_000,
    shortfallW: 0,
    stationCount: 3,
    unknownCount: 0,
  };
  const check = { at: startAt + 60_000, deliveredW, plannedW: 20_000, nonResponsiveCount: 0 };
  return checked(activated(waiting(signalId, startAt, zoneId), figures, startAt), check, 0);
};
const restoring = (...of: Parameters<typeof active>) => restored(active(...of), 'us', 'over', noon + hour);
const over = (...of: Parameters<typeof active>) => ended(restoring(...of), 'completed', noon + 2 * hour);

describe('a report about an event of several intervals', () => {
  const curtailed = 'RUNNING_CURTAILED';
  const normal = 'RUNNING_NORMAL';

  it.each([
    [
      'of what runs, while the one before returns',
      [restoring('0', noon), active('1', noon + hour)],
      [100, 80, curtailed],
    ],
    [
      'of what returns, between two',
      [over('0', noon), restoring('1', noon + hour), waiting('2', noon + 9 * hour)],
      [100, 80, normal],
    ],
    ['of what was last, while another one waits', [over('0', noon), waiting('1', noon + 9 * hour)], [100, 80, normal]],
    [
      'of what was last, in whatever order they are known',
      [over('1', noon + hour, 'north', 5_000), over('0', noon)],
      [100, 95, normal],
    ],
    ['once where two reductions run in one zone', [active('0', noon), active('0p1', noon)], [100, 80, curtailed]],
    ['of each zone', [active('0', noon), active('0s', noon, 'south')], [200, 160, curtailed]],
    ['as none of what is yet to come', [waiting('0', noon)], [0, 0, normal]],
  ])('tells the figures %s', (_, records, values) => {
    const report = openAdrReport(server, event, { records, sheddableW: 0, now: noon });
    expect(report.resources).toEqual([
      expect.objectContaining({
        intervals: [
          {
            id: 0,
            payloads: ['BASELINE', 'DEMAND', 'OPERATING_STATE'].map((type, at) => ({ type, values: [values[at]] })),
          },
        ],
      }),
    ]);
  });
});
