import { describe, expect, it } from 'vitest';
import { connectorSpec, connectorText } from '../../cli/station/connector-spec.ts';
import { checkEntry } from '../../cli/station/station-entry.ts';
import { checkTag } from '../../cli/tag/tag-entry.ts';
import { demoNetwork } from '../../simulator/demo-network.ts';

const entry = {
  stationId: 'CP01',
  siteId: 'S1',
  zoneId: 'Z1',
  region: 'R1',
  timeZone: 'Europe/London',
  connectors: ['1:CCS:50'],
};

const supply = { phaseRotation: 'RST', voltageV: 230 } as const;
const dc = { current: 'DC', phases: 3, ...supply, minimumW: 2_000 } as const;
const ac = (phases: 1 | 3) => ({ current: 'AC', phases, ...supply, minimumA: 6 }) as const;

describe('the commissioning of a station', () => {
  it('is an instant with its zone', () => {
    const entry = (commissionedAt: string) => ({
      stationId: 'CP01',
      siteId: 'S',
      zoneId: 'Z',
      region: 'R',
      timeZone: 'Europe/London',
      connectors: ['1:CCS:50'],
      commissionedAt,
    });
    expect(checkEntry(entry('2026-10-01T08:00:00Z')).registration.commissionedAt).toBe(Date.UTC(2026, 9, 1, 8));
    expect(() => checkEntry(entry('October'))).toThrow('commissionedAt: an instant with its zone');
    expect(() => checkEntry(entry('2026-10-01'))).toThrow('commissionedAt: an instant with its zone');
    expect(() => checkEntry(entry('2026-02-30T08:00:00Z'))).toThrow('commissionedAt: an instant with its zone');
  });
});

describe('a connector specification', () => {
  it.each([
    ['1:CCS:50', { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000, electrics: dc }],
    ['2:Type2:22', { evseId: 2, connectorId: 2, connectorType: 'Type2', ratedW: 22_000, electrics: ac(3) }],
    ['2.1:Type2:7.36', { evseId: 2, connectorId: 1, connectorType: 'Type2', ratedW: 7_360, electrics: ac(1) }],
    [
      '1:Type2:11:phases=3,rotation=str,min-a=8,cable-a=20,feeder=north',
      {
        ...{ evseId: 1, connectorId: 1, connectorType: 'Type2', ratedW: 11_000 },
        electrics: { ...ac(3), phaseRotation: 'STR', minimumA: 8, ratedA: 20, feeder: 'north' },
      },
    ],
    [
      '1:NACS:11:current=ac,phases=1',
      { evseId: 1, connectorId: 1, connectorType: 'NACS', ratedW: 11_000, electrics: ac(1) },
    ],
    [
      '1:CCS:150:min-kw=5.5',
      { evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 150_000, electrics: { ...dc, minimumW: 5_500 } },
    ],
  ])('%s is read', (text, connector) => {
    expect(connectorSpec(text)).toEqual(connector);
  });

  it.each([
    '',
    '1',
    '1:CCS',
    '0:CCS:50',
    '1.0:CCS:50',
    '1:CCS:0',
    '1:CCS:50kW',
    'x:CCS:50',
    '1:C:C:50',
    '1::50',
    '1:CCS:-5',
  ])('"%s" is refused with an example', (text) => {
    expect(() => connectorSpec(text)).toThrow(/is no connector: write NUMBER:TYPE:KW, such as 1:CCS:50/);
  });
});

describe('what a connector specification says of electrics', () => {
  it.each([
    ['1:Type2:22:3', 'connector 1.1: "3" is not understood; write NAME=VALUE with one of current, phases'],
    ['1:Type2:22:phase=3', '"phase=3" is not understood'],
    ['1:Type2:22:phases=3,phases=3', 'connector 1.1: phases is given twice'],
    ['1:Type2:22:phases=2', 'connector 1.1: phases is one of 1, 3, not "2"'],
    ['1:Type2:22:rotation=RRT', 'rotation is one of RST, RTS, SRT, STR, TRS, TSR, not "RRT"'],
    ['1:Type2:22:min-a=-6', 'min-a is a number above 0, not "-6"'],
    ['1:Type2:22:min-a=5', 'a car cannot be told less than 6 A (IEC 61851-1): min-a=5 is too low'],
    ['1:Type2:3.7:min-a=17', 'its minimum of 17 A per phase is above its rating of 3.7 kW (16.1 A per phase)'],
    ['1:Type2:22:cable-a=5', 'its cable bears 5 A, less than the minimum of 6 A'],
    ['1:Type2:220:phases=1', '220 kW on one phase of 230 V are 957 A per phase: check kW, phases and voltage'],
    ['1:Type2:22:min-kw=4', 'it delivers alternating current: give its minimum as min-a, in amperes per phase'],
    ['2.1:CCS:50:min-a=6', 'connector 2.1: it delivers direct current: give its minimum as min-kw, not as min-a'],
    ['1:CCS:50:cable-a=200', 'it delivers direct current: its rating in kW says what it can carry'],
    ['1:CCS:50:min-kw=60', 'its minimum of 60 kW is above its rating of 50 kW'],
    ['1:CCS:50:feeder=north wing', 'a feeder has 1 to 40 letters, digits and . _ -, not "north wing"'],
  ])('%s is refused, and told why', (text, message) => {
    expect(() => connectorSpec(text)).toThrow(message);
  });

  it('is in the voltage of the station', () => {
    const { registration } = checkEntry({ ...entry, connectors: ['1:J1772:11.5'], supplyVoltageV: 240 });
    expect(registration.connectors[0]?.electrics).toEqual({ ...ac(1), voltageV: 240 });
  });

  it('is listed as it may be written again', () => {
    for (const station of demoNetwork({ stations: 200, seed: 'demo' }).stations)
      for (const connector of station.connectors)
        expect(connectorSpec(connectorText(connector), station.supplyVoltageV)).toEqual(connector);
  });
});

describe('a station entry', () => {
  it('becomes a registration in W, accepted unless it says otherwise', () => {
    expect(checkEntry(entry)).toEqual({
      registration: {
        ...entry,
        connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000, electrics: dc }],
        admission: 'accepted',
      },
      password: undefined,
    });
  });

  it('keeps everything that may be said of a station', () => {
    const more = { latitude: -33.9, longitude: 151.2, vendor: 'V', model: 'M', firmware: '1.2', ocpp: '2.0.1' };
    const given = { ...entry, ...more, contractMaxKw: 43.5, admission: 'pending', password: 'sixteen-letters!' };
    const { registration, password } = checkEntry(given);
    expect([registration, password]).toEqual([
      {
        ...entry,
        ...more,
        connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000, electrics: dc }],
        contractMaxW: 43_500,
        admission: 'pending',
      },
      'sixteen-letters!',
    ]);
  });

  it.each([
    ['an id with a blank', { stationId: 'CP 01' }, '"CP 01" is no station id: use 1 to 48 letters'],
    ['an id with a colon', { stationId: 'CP:01' }, '"CP:01" is no station id'],
    ['an id that is too long', { stationId: 'x'.repeat(49) }, 'is no station id'],
    ['no site', { siteId: undefined }, 'siteId is missing'],
    ['a blank region', { region: ' ' }, 'region is unusable'],
    [
      'an unknown time zone',
      { timeZone: 'Europe/Londn' },
      '"Europe/Londn" is no time zone: give an IANA name such as Europe/London',
    ],
    ['no connectors', { connectors: [] }, 'connectors: give 1 to 100, such as 1:CCS:50'],
    ['a bad connector', { connectors: ['CCS'] }, '"CCS" is no connector'],
    ['a connector twice', { connectors: ['1:CCS:50', '1.1:Type2:22'] }, 'connector 1.1 is given twice'],
    ['a latitude off the globe', { latitude: 91 }, 'latitude must be a number from -90 to 90'],
    ['a longitude that is no number', { longitude: Number('x') }, 'longitude must be a number from -180 to 180'],
    ['a contract of nothing', { contractMaxKw: 0 }, 'contractMaxKw must be a number from 0.1'],
    ['a supply of mains voltage in kV', { supplyVoltageV: 0.4 }, 'supplyVoltageV must be a number from 100 to 400'],
    ['another admission', { admission: 'maybe' }, 'admission must be one of: accepted, pending, rejected'],
    ['another protocol', { ocpp: '1.5' }, 'ocpp must be one of: 1.6, 2.0.1, 2.1'],
    ['a short password', { password: 'short' }, 'the password must have 16 to 256 characters'],
    ['a password that no header holds', { password: 'ä'.repeat(200) }, 'the password must have 16 to 256 characters'],
    ['a password with a tab', { password: 'abcdefgh\tabcdefgh' }, 'no control characters'],
    ['a password that is no text', { password: 'abcdefgh\uD800abcdefgh' }, 'no control characters'],
    ['a misspelt field', { sideId: 'S1' }, 'sideId is no known field; known are stationId, siteId'],
  ])('with %s is refused, and told what is right', (_what, over, message) => {
    expect(() => checkEntry({ ...entry, ...over })).toThrow(message);
  });

  it('never repeats a password in what it says', () => {
    expect(() => checkEntry({ ...entry, password: 'secret' })).toThrow(/^(?!.*secret)/);
  });
});

describe('a tag entry', () => {
  it('is accepted unless it says otherwise', () => {
    expect(checkTag({ tag: 'T1' })).toEqual({ tag: 'T1', status: 'Accepted' });
  });

  it('keeps expiry and group', () => {
    expect(checkTag({ tag: 'T1', status: 'Blocked', expiresAt: '2027-01-31T00:00:00Z', parentTag: 'G' })).toEqual({
      tag: 'T1',
      status: 'Blocked',
      expiresAt: Date.UTC(2027, 0, 31),
      parentTag: 'G',
    });
  });

  it.each([
    [{ tag: 'x'.repeat(37) }, 'a tag has at most 36 characters'],
    [{ tag: 'T1', status: 'accepted' }, 'status must be one of: Accepted, Blocked, Expired, Invalid'],
    [{ tag: 'T1', expiresAt: 'tomorrow' }, 'write it like 2027-01-31T00:00:00Z'],
    [{ tag: 'T1', expiresAt: '2027-01-31T00:00:00' }, 'write it like 2027-01-31T00:00:00Z'],
    [{ tag: 'T1', expiresAt: '2027-02-30' }, 'expiresAt "2027-02-30" is no instant'],
    [{ tag: 'T1', group: 'G' }, 'group is no known field'],
    [{}, 'tag is missing'],
  ])('%j is refused', (given, message) => {
    expect(() => checkTag(given)).toThrow(message);
  });
});
