import { describe, expect, it } from 'vitest';
import type { EndedCommand } from '../../domain/kernel/ended-command.ts';
import { commandFacts } from '../../ocpp/command-facts.ts';

const header = { at: 5_000, receivedAt: 5_000, clock: 'receiver', messageId: 'c1' } as const;
const requestedAt = 4_000;

/** What the end of a command tells, without the header of its facts. */
const told = (
  ocpp: '1.6' | '2.0.1',
  action: string,
  payload: object,
  ended: { readonly state?: EndedCommand['state']; readonly reply?: object | string; readonly reason?: string } = {},
) => {
  const { state = 'Accepted', reply = { status: state }, reason } = ended;
  const facts = commandFacts(
    {
      ...{ commandId: 'c1', action, ocpp, payload: JSON.stringify(payload), state, by: 'b', origin: 'outside' },
      ...{ requestedAt, reply: typeof reply === 'string' ? reply : JSON.stringify(reply) },
      ...(reason !== undefined && { reason }),
    },
    header,
  );
  return facts.map((fact) => {
    const { at: _, receivedAt: __, clock: ___, messageId: ____, ...said } = fact;
    return said;
  });
};

const reservation16 = { connectorId: 2, expiryDate: '2026-11-20T12:30:00Z', idTag: 'TAG', reservationId: 7 };
const reservation201 = {
  ...{ id: 7, expiryDateTime: '2026-11-20T12:30:00Z', evseId: 2 },
  idToken: { idToken: 'TAG', type: 'ISO14443' },
};
const held = {
  ...{ type: 'ReservationAnswered', reservationId: 7, requestedAt, tag: 'TAG', evseId: 2 },
  expiresAt: Date.UTC(2026, 10, 20, 12, 30),
};

describe('the end of a reservation command tells', () => {
  it.each([
    ['1.6', reservation16],
    ['2.0.1', reservation201],
  ] as const)('of OCPP %s what was reserved, and whether', (ocpp, payload) => {
    expect(told(ocpp, 'ReserveNow', payload)).toEqual([{ ...held, outcome: 'accepted' }]);
    expect(told(ocpp, 'ReserveNow', payload, { state: 'Rejected', reason: 'Occupied' })).toEqual([
      { ...held, outcome: 'refused', reason: 'Occupied' },
    ]);
    expect(told(ocpp, 'ReserveNow', payload, { state: 'Unknown' })).toEqual([{ ...held, outcome: 'unknown' }]);
  });

  it('nothing of one that was never sent', () => {
    expect(told('1.6', 'ReserveNow', reservation16, { state: 'Expired' })).toEqual([]);
  });

  it('that it was cancelled, where the station agreed', () => {
    const payload = { reservationId: 7 };
    expect(told('1.6', 'CancelReservation', payload)).toEqual([
      { type: 'ReservationReleased', reservationId: 7, how: 'Cancelled' },
    ]);
    expect(told('1.6', 'CancelReservation', payload, { state: 'Rejected' })).toEqual([]);
  });
});

describe('the end of a ChangeAvailability tells', () => {
  const agreed = { type: 'AvailabilityAgreed', commandId: 'c1', requestedAt, operative: false };
  it.each([
    ['1.6', { connectorId: 2, type: 'Inoperative' }, { evseId: 2, connectorId: 2 }],
    ['1.6', { connectorId: 0, type: 'Inoperative' }, { evseId: 0, connectorId: 0 }],
    ['2.0.1', { operationalStatus: 'Inoperative' }, {}],
    ['2.0.1', { operationalStatus: 'Inoperative', evse: { id: 2, connectorId: 1 } }, { evseId: 2, connectorId: 1 }],
  ] as const)('where the station agreed to it: %s %j', (ocpp, payload, place) => {
    expect(told(ocpp, 'ChangeAvailability', payload, { reply: { status: 'Scheduled' } })).toEqual([
      { ...agreed, ...place, scheduled: true },
    ]);
  });

  it('nothing where it did not', () => {
    expect(told('1.6', 'ChangeAvailability', { connectorId: 1, type: 'Operative' }, { state: 'Rejected' })).toEqual([]);
  });
});

const capabilities = (fact: ReturnType<typeof told>[number] | undefined) =>
  fact?.type === 'CapabilitiesReported' ? fact.capabilities : undefined;

describe('an answer about configuration tells', () => {
  it('the abilities of a 1.6 station, in its words or those of 2.x', () => {
    const keys = {
      ChargeProfileMaxStackLevel: '8',
      chargingscheduleallowedchargingrateunit: 'Current,Power',
      ChargingScheduleMaxPeriods: '24',
      MaxChargingProfilesInstalled: '10',
      ConnectorSwitch3to1PhaseSupported: 'TRUE',
      SupportedFeatureProfiles: 'Core, SmartCharging,Reservation,LocalAuthListManagement',
      LocalAuthListEnabled: 'false',
      LocalAuthListMaxLength: '1000',
      SendLocalListMaxLength: '50',
      NumberOfConnectors: '2',
      GetConfigurationMaxKeys: '30',
      ReserveConnectorZeroSupported: 'false',
      HeartbeatInterval: '540',
    };
    const configurationKey = Object.entries(keys).map(([key, value]) => ({ key, readonly: true, value }));
    const [fact] = told('1.6', 'GetConfiguration', {}, { reply: { configurationKey } });
    expect(capabilities(fact)).toEqual({
      ...{ maxStackLevel: 8, rateUnits: ['A', 'W'], maxPeriods: 24, maxProfiles: 10, reducesPhases: true },
      available: {
        ...{ FirmwareManagement: false, LocalAuthList: true, Reservation: true },
        ...{ SmartCharging: true, RemoteTrigger: false },
      },
      enabled: { LocalAuthList: false },
      ...{ maxLocalTags: 1000, maxLocalTagsPerMessage: 50, connectorCount: 2, maxKeysPerMessage: 30 },
      reservesAny: false,
    });
  });

  it('nothing of values that are none', () => {
    const configurationKey = [
      { key: 'ChargeProfileMaxStackLevel', value: 'many' },
      { key: 'ChargingScheduleMaxPeriods', value: '-1' },
      { key: 'NumberOfConnectors' },
      { key: 'ChargingScheduleAllowedChargingRateUnit', value: 'Horsepower' },
      { key: '__proto__', value: '1' },
    ];
    const [fact] = told('1.6', 'GetConfiguration', {}, { reply: { configurationKey } });
    expect(capabilities(fact)).toEqual({});
  });

  it('the abilities of a 2.x station, of variables it accepted and of EVSEs it can have', () => {
    const answer = (component: string, name: string, attributeValue: string, more: object = {}) => ({
      ...{ attributeStatus: 'Accepted', attributeValue, component: { name: component }, variable: { name } },
      ...more,
    });
    const getVariableResult = [
      answer('SmartChargingCtrlr', 'RateUnit', 'W'),
      answer('SmartChargingCtrlr', 'ProfileStackLevel', '5'),
      answer('smartchargingctrlr', 'periodsperschedule', '12'),
      answer('SmartChargingCtrlr', 'Available', 'true'),
      answer('SmartChargingCtrlr', 'ACPhaseSwitchingSupported', 'true'),
      answer('ReservationCtrlr', 'Available', 'false'),
      answer('EVSE', 'SupplyPhases', '3', { component: { name: 'EVSE', evse: { id: 2 } } }),
      answer('EVSE', 'SupplyPhases', '3', { component: { name: 'EVSE', evse: { id: 65 } } }),
      answer('EVSE', 'SupplyPhases', '3', { component: { name: 'EVSE', evse: { id: -1 } } }),
      answer('LocalAuthListCtrlr', 'ItemsPerMessage', '20', { attributeStatus: 'UnknownVariable' }),
      answer('DeviceDataCtrlr', 'ItemsPerMessage', '8', {
        variable: { name: 'ItemsPerMessage', instance: 'GetVariables' },
      }),
      answer('DeviceDataCtrlr', 'ItemsPerMessage', '4', {
        variable: { name: 'ItemsPerMessage', instance: 'GetReport' },
      }),
      answer('SmartChargingCtrlr', 'ProfileStackLevel', '99', { attributeType: 'MaxSet' }),
    ];
    const [fact] = told('2.0.1', 'GetVariables', {}, { reply: { getVariableResult } });
    expect(capabilities(fact)).toEqual({
      ...{ rateUnits: ['W'], maxStackLevel: 5, maxPeriods: 12, switchesPhases: true, maxKeysPerMessage: 8 },
      available: { SmartCharging: true, Reservation: false },
      evsePhases: { 2: 3 },
    });
  });

  it('a setting that the station took, once it is in force', () => {
    const change = { key: 'LocalAuthListEnabled', value: 'true' };
    const [fact] = told('1.6', 'ChangeConfiguration', change);
    expect(capabilities(fact)).toEqual({ enabled: { LocalAuthList: true } });
    const reply = { status: 'RebootRequired' };
    expect(told('1.6', 'ChangeConfiguration', change, { reply })).toEqual([]);
    expect(told('1.6', 'ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' })).toEqual([]);
    const set = { attributeValue: 'true', component: { name: 'SmartChargingCtrlr' }, variable: { name: 'Enabled' } };
    const [also] = told('2.0.1', 'SetVariables', { setVariableData: [set] });
    expect(capabilities(also)).toEqual({ enabled: { SmartCharging: true } });
  });

  it('nothing where there was no answer', () => {
    expect(told('1.6', 'GetConfiguration', {}, { state: 'TimedOut' })).toEqual([]);
    expect(told('1.6', 'GetConfiguration', {}, { reply: 'no JSON' }).map(capabilities)).toEqual([{}]);
  });
});

describe('a failed command tells what the station lacks', () => {
  const profile16 = (purpose: string) => ({
    connectorId: 0,
    csChargingProfiles: {
      ...{ chargingProfileId: 1, stackLevel: 3, chargingProfilePurpose: purpose, chargingProfileKind: 'Absolute' },
      chargingSchedule: {
        chargingRateUnit: 'W',
        startSchedule: '2026-11-20T12:00:00Z',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 5000 }],
      },
    },
  });
  const profile201 = {
    evseId: 0,
    chargingProfile: {
      ...{ id: 1, stackLevel: 3, chargingProfilePurpose: 'ChargingStationMaxProfile', chargingProfileKind: 'Absolute' },
      chargingSchedule: [
        {
          ...{ id: 1, chargingRateUnit: 'W', startSchedule: '2026-11-20T12:00:00Z' },
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 5000 }],
        },
      ],
    },
  };
  const atLevel = (stackLevel: number) => ({
    ...profile201,
    chargingProfile: { ...profile201.chargingProfile, stackLevel },
  });
  const because = (reasonCode: string) =>
    ({ state: 'Rejected', reply: { status: 'Rejected', statusInfo: { reasonCode } } }) as const;
  const refused = (what: object) => [{ type: 'CapabilityRefused', refused: what }];

  it.each([
    ['NotImplemented', 'ReserveNow'],
    ['NotSupported', 'GetDiagnostics'],
  ])('by %s: the action %s', (errorCode, action) => {
    const payload = action === 'ReserveNow' ? reservation16 : {};
    const facts = told('1.6', action, payload, { state: 'NotSupported', reply: { errorCode } });
    expect(facts.filter(({ type }) => type === 'CapabilityRefused')).toEqual(refused({ kind: 'action', action }));
  });

  it('by status: its local list, or a purpose of profiles', () => {
    expect(told('1.6', 'SendLocalList', {}, { state: 'NotSupported' })).toEqual(
      refused({ kind: 'action', action: 'SendLocalList' }),
    );
    expect(told('1.6', 'SetChargingProfile', profile16('ChargePointMaxProfile'), { state: 'NotSupported' })).toEqual(
      refused({ kind: 'purpose', purpose: 'station-max' }),
    );
  });

  it.each([
    ['UnsupportedRequest', { kind: 'purpose', purpose: 'station-max' }],
    ['UnsupportedRateUnit', { kind: 'rateUnit', rateUnit: 'W' }],
    ['InvalidStackLevel', { kind: 'stackLevel', stackLevel: 3 }],
  ])('by the reason %s', (reason, what) => {
    expect(told('2.0.1', 'SetChargingProfile', profile201, because(reason))).toEqual(refused(what));
  });

  it.each([
    ['another reason', told('2.0.1', 'SetChargingProfile', profile201, because('TxNotFound'))],
    ['a level no station has', told('2.0.1', 'SetChargingProfile', atLevel(2_000_000), because('InvalidStackLevel'))],
    ['no reason', told('1.6', 'SetChargingProfile', profile16('TxProfile'), { state: 'Rejected' })],
    ['one connector without a lock', told('1.6', 'UnlockConnector', { connectorId: 9 }, { state: 'NotSupported' })],
    ['one unknown key', told('1.6', 'ChangeConfiguration', { key: 'X', value: '1' }, { state: 'NotSupported' })],
  ])('but not by %s', (_, facts) => {
    expect(facts).toEqual([]);
  });
});
