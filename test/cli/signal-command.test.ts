import { describe, expect, it } from 'vitest';
import { signalCommand } from '../../cli/signal/signal-command.ts';
import type { SiteRecord } from '../../use-cases/ports/sites/site-record.ts';
import { configuration, noon } from '../domain/site/given-site.ts';
import { registration } from '../fakes/registration.ts';

const setting = () => {
  const told: SiteRecord[] = [];
  const lines: string[] = [];
  const clock = { at: noon, stopAfter: 0 };
  const stream = { put: async (records: readonly SiteRecord[]) => void told.push(...records) };
  const site = configuration({ feeders: [{ feederId: 'F1', limitW: 50_000 }] });
  const configurations = { find: async (siteId: string) => (siteId === 'depot' ? site : undefined) };
  const outlet = { evseId: 2, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 };
  const survey = { stations: async () => [registration({ stationId: 'WS-0007', connectors: [outlet] })] };
  const system = {
    clock: () => clock.at,
    sleep: async (durationMs: number) => {
      clock.at += durationMs;
      if (told.length >= clock.stopAfter) throw new Error('interrupted');
    },
  };
  const signal = (...argv: string[]) =>
    signalCommand(argv, { stream, configurations, survey, system, user: 'me' }, (line) => void lines.push(line));
  const said = () =>
    told.map((record) =>
      record.kind === 'signals' ? JSON.parse(Buffer.from(record.payload, 'base64').toString()) : record,
    );
  return { told, lines, clock, signal, said };
};

const evse = { stationId: 'WS-0007', evseId: 2 };
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

describe('a signal from the command line', () => {
  it.each([
    [['demand', '--kw', '40', '--ev-kw', '12.5'], { powerW: 40_000, evPowerW: 12_500 }],
    [['prices', '--tier', 'ON_PEAK'], { prices: [{ from: at(0), tier: 'ON_PEAK' }] }],
    [['prices', '--price', '0.3', '--currency', 'EUR'], { currency: 'EUR', prices: [{ from: at(0), perKwh: 0.3 }] }],
    [['limit', '--kw', '50', '--minutes', '30'], { scope: 'site', limitW: 50_000, to: at(30) }],
    [['limit', '--kw', '11', '--station', 'WS-0007'], { scope: 'station', stationId: 'WS-0007', limitW: 11_000 }],
    [['limit', '--phases', '--amps', '63'], { scope: 'phases', limitA: 63 }],
    [['limit', '--phases'], { scope: 'phases' }],
    [['limit', '--feeder', 'F1'], { scope: 'feeder', feederId: 'F1' }],
    [['bid', '--evse', 'WS-0007/2', '--price', '0.5'], { ...evse, perKwh: 0.5, currency: 'EUR' }],
    [['priority', '--evse', 'WS-0007/2', '--priority', '1'], { ...evse, priority: 1 }],
    [
      ['departure', '--evse', 'WS-0007/2', '--in', '90', '--kwh', '20'],
      { ...evse, departureAt: at(90), energyWh: 20_000 },
    ],
    [['opt-out', '--evse', 'WS-0007/2'], { ...evse, optedOut: true }],
    [
      ['opt-out', '--evse', 'WS-0007/2', '--join', '--reason', 'in no hurry'],
      { ...evse, optedOut: false, reason: 'in no hurry' },
    ],
  ])('%j is what the flags say', async (argv, expected) => {
    const { signal, said, told } = setting();
    await signal(...argv, '--site', 'depot');
    expect(said()).toEqual([{ version: 1, siteId: 'depot', time: at(0), ...expected }]);
    expect(told[0]).toMatchObject({ siteId: 'depot', clientId: 'command line: me', receivedAt: noon });
  });

  it('takes back what another sender said, where that one cannot any more', async () => {
    const { signal, told } = setting();
    await signal('limit', '--site', 'depot', '--sender', 'site:depot');
    await signal('limit', '--site', 'depot');
    expect(told).toMatchObject([
      { clientId: 'command line: me', source: 'site:depot' },
      { clientId: 'command line: me' },
    ]);
    expect(told[1]).not.toHaveProperty('source');
  });

  it('comes again and again until it is interrupted, each time with its own instant', async () => {
    const { signal, said, clock } = setting();
    clock.stopAfter = 3;
    await expect(signal('demand', '--kw', '1', '--site', 'depot', '--every', '15')).rejects.toThrow('interrupted');
    expect(said().map(({ time }) => time)).toEqual([at(0), at(0.25), at(0.5)]);
  });

  it.each([
    [['demand', '--kw', 'much', '--site', 'depot'], '--kw "much" is no number'],
    [['demand', '--site', 'depot'], 'signal demand needs --kw'],
    [['prices', '--site', 'depot'], 'signal prices needs --tier or --price'],
    [['demand', '--kw', '3', '--price', '4', '--site', 'depot'], 'signal demand has no --price'],
    [['demand', 'now', '--kw', '3', '--site', 'depot'], '"now" is one word too many'],
    [['demand', '--kw', '3', '--every', '0', '--site', 'depot'], '--every is a number of seconds above 0'],
    [['bid', '--evse', 'WS-0007', '--price', '1', '--site', 'depot'], '--evse names a station and its EVSE'],
    [['departure', '--evse', 'WS-0007/2', '--site', 'depot'], 'signal departure needs --in'],
    [['priority', '--evse', 'WS-0007/2', '--priority', '12', '--site', 'depot'], 'priority'],
    [['bid', '--evse', 'WS-0007/3', '--price', '1', '--site', 'depot'], 'station WS-0007 has no EVSE 3'],
    [['limit', '--kw', '1', '--feeder', 'fronnt', '--site', 'depot'], 'there is no feeder fronnt at depot (F1)'],
    [['limit', '--kw', '1', '--phases', '--site', 'depot'], 'a limit of phases is in A'],
    [['limit', '--kw', '1', '--station', 'WS-0009', '--site', 'depot'], 'there is no station WS-0009 at depot'],
    [['limit', '--station', 'WS-0007', '--feeder', 'F1', '--site', 'depot'], 'a limit is about one of them'],
    [['limit', '--kw', '1', '--minutes=-3', '--site', 'depot'], 'ends after it begins'],
    [['limit', '--kw', '1', '--minutes', '1e12', '--site', 'depot'], '--minutes leads beyond any calendar'],
    [['departure', '--evse', 'WS-0007/1', '--in', '1e15', '--site', 'depot'], '--in leads beyond any calendar'],
    [['departure', '--evse', 'WS-0007/2', '--in=-5', '--site', 'depot'], 'the departure has passed'],
    [['hope', '--site', 'depot'], 'There is no signal "hope"'],
    [['demand', '--kw', '1'], '--site is missing'],
    [['demand', '--kw', '1', '--site', ''], '--site is empty'],
    [['limit', '--sender', '', '--site', 'depot'], '--sender is empty'],
  ])('%j is refused in a sentence, and nothing is sent', async (argv, why) => {
    const { signal, told } = setting();
    await expect(signal(...argv)).rejects.toThrow(why);
    expect(told).toEqual([]);
  });

  it('for a site that nobody configured says so, and is sent', async () => {
    const { signal, told, lines } = setting();
    await signal('demand', '--kw', '1', '--site', 'depto');
    expect(lines[0]).toBe('note: depto is not configured: nothing follows it yet');
    expect(told).toHaveLength(1);
  });
});
