import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../ocpp/commands-of.ts';
import { commandsV16 } from '../../../simulator/charge-point/v16/commands-v16.ts';
import { commandsV201 } from '../../../simulator/charge-point/v201/commands-v201.ts';
import { exampleRequest } from '../../ocpp/schemas.ts';
import { car, givenChargePoint, nobody, oneEach, startAt } from './given-charge-point.ts';

const minute = 60_000;
const iso = (afterMs: number): string => new Date(startAt + afterMs).toISOString();
const versions = [
  ['1.6', 'v16', commandsV16],
  ['2.0.1', 'v201', commandsV201],
] as const;

describe.each(versions)('a simulated station speaking OCPP %s', (ocpp, schema, commands) => {
  it('knows every command of its version', () => {
    expect(Object.keys(commands).toSorted()).toEqual([...commandsOf(ocpp).keys()].toSorted());
  });

  it('answers every command as the official schemas want it, and so does what follows', async () => {
    for (const action of Object.keys(commands)) {
      const { frameOf, pass, problems } = await givenChargePoint(ocpp, { drivers: oneEach() });
      const frame = await frameOf(action, Object(exampleRequest(schema, action, false)));
      await pass(5 * minute);
      expect([action, frame?.[0], problems]).toEqual([action, 3, []]);
    }
  });

  it('refuses every command in words of its schema, or with an error', async () => {
    for (const action of Object.keys(commands)) {
      const { point, frameOf, problems } = await givenChargePoint(ocpp);
      point.behave('*=reject');
      const [type, , third] = (await frameOf(action, Object(exampleRequest(schema, action, false)))) ?? [];
      const isRefused = type === 3 ? commandsOf(ocpp).get(action)?.outcome(third).result !== 'Accepted' : type === 4;
      expect([action, isRefused, problems]).toEqual([action, true, []]);
    }
  });

  it('ignores, answers late, answers nonsense or an error when it is told to, by action', async () => {
    const { point, frameOf } = await givenChargePoint(ocpp);
    point.behave('ClearCache=ignore');
    expect(await frameOf('ClearCache', {}, 60_000)).toBeUndefined();
    point.behave('ClearCache=late:30000');
    expect(await frameOf('ClearCache', {}, 29_000)).toBeUndefined();
    expect((await frameOf('ClearCache', {}, 31_000))?.[0]).toBe(3);
    point.behave('ClearCache=garbage');
    expect((await frameOf('ClearCache', {}))?.[2]).toEqual(['neither', 'yes', 'nor', 'no']);
    point.behave('ClearCache=error:InternalError');
    expect((await frameOf('ClearCache', {}))?.slice(2, 3)).toEqual(['InternalError']);
    point.behave('normal');
    expect((await frameOf('ClearCache', {}))?.[2]).toEqual({ status: 'Accepted' });
  });

  it('can be told by its CSMS how to behave', async () => {
    const { command, frameOf } = await givenChargePoint(ocpp);
    const behave = (data: string) => command('DataTransfer', { vendorId: 'Simulator', messageId: 'Behave', data });
    expect(await behave('ClearCache=maybe')).toMatchObject({ status: 'Rejected' });
    expect(await behave('ClearCache=ignore')).toEqual({ status: 'Accepted' });
    expect(await frameOf('ClearCache', {}, 60_000)).toBeUndefined();
  });

  it('answers an action it does not know with NotImplemented, and junk with an error', async () => {
    const { frameOf } = await givenChargePoint(ocpp);
    expect((await frameOf('MakeCoffee', {}))?.[2]).toBe('NotImplemented');
    expect((await frameOf('CancelReservation', { reservationId: 'one' }))?.[2]).toBe('TypeConstraintViolation');
  });

  const list = (version: number, kind: string, entries: readonly (readonly [string, string?])[]) =>
    ocpp === '1.6'
      ? {
          listVersion: version,
          updateType: kind,
          localAuthorizationList: entries.map(([idTag, status]) => ({
            idTag,
            ...(status && { idTagInfo: { status } }),
          })),
        }
      : {
          versionNumber: version,
          updateType: kind,
          localAuthorizationList: entries.map(([idToken, status]) => ({
            idToken: { idToken, type: 'ISO14443' },
            ...(status && { idTokenInfo: { status } }),
          })),
        };
  const versionOf = (answer: unknown) => Object(answer).listVersion ?? Object(answer).versionNumber;

  it('keeps a local list, in full and by differences', async () => {
    const { command } = await givenChargePoint(ocpp);
    const sent = async (version: number, kind: string, entries: readonly (readonly [string, string?])[]) =>
      Object(await command('SendLocalList', list(version, kind, entries))).status;
    expect([
      await sent(3, 'Full', [['T1', 'Accepted']]),
      await sent(3, 'Differential', [['T2', 'Accepted']]),
      await sent(4, 'Differential', [['T1'], ['T2', 'Blocked']]),
      versionOf(await command('GetLocalListVersion', {})),
    ]).toEqual(['Accepted', 'VersionMismatch', 'Accepted', 4]);
  });

  it('lets nobody charge who is blocked on its list while it is offline', async () => {
    const { point, command, pass, said } = await givenChargePoint(ocpp, { drivers: oneEach() }, 0.5);
    await command(
      'SendLocalList',
      list(
        1,
        'Full',
        [1, 2, 3, 4].map((tag) => [`T${tag}`, 'Blocked'] as const),
      ),
    );
    await point.lose(10 * minute);
    await pass(20 * minute);
    expect(said(ocpp === '1.6' ? 'StartTransaction' : 'TransactionEvent')).toEqual([]);
  });

  it('tells how far a firmware update has come, and boots with the new version', async () => {
    const { command, pass, said, problems } = await givenChargePoint(ocpp);
    const location = 'https://example.org/fw/duo-8.2.bin';
    await command(
      'UpdateFirmware',
      ocpp === '1.6'
        ? { location, retrieveDate: iso(6 * minute) }
        : { requestId: 7, firmware: { location, retrieveDateTime: iso(6 * minute) } },
    );
    await pass(10 * minute);
    expect(said('FirmwareStatusNotification').map(({ status }) => status)).toEqual([
      'Downloading',
      'Downloaded',
      'Installing',
      'Installed',
    ]);
    expect(JSON.stringify(said('BootNotification').at(-1))).toContain('8.2');
    expect(problems).toEqual([]);
  });

  it('gives up an update it cannot fetch', async () => {
    const { command, pass, said } = await givenChargePoint(ocpp);
    await command(
      'UpdateFirmware',
      ocpp === '1.6'
        ? { location: 'nowhere', retrieveDate: iso(0) }
        : { requestId: 7, firmware: { location: 'nowhere', retrieveDateTime: iso(0) } },
    );
    await pass(5 * minute);
    expect(said('FirmwareStatusNotification').map(({ status }) => status)).toEqual(['Downloading', 'DownloadFailed']);
  });

  it('uploads its log and tells so', async () => {
    const { command, pass, said } = await givenChargePoint(ocpp);
    const answer = await command('GetLog', {
      logType: 'DiagnosticsLog',
      requestId: 5,
      log: { remoteLocation: 'https://example.org/logs/' },
    });
    await pass(minute);
    expect(answer).toMatchObject({ status: 'Accepted', filename: 'S1-2026-06-03.zip' });
    expect(said('LogStatusNotification')).toEqual([
      { status: 'Uploading', requestId: 5 },
      { status: 'Uploaded', requestId: 5 },
    ]);
  });

  const reservation = (expiresMs: number, tag: string, id = 9) =>
    ocpp === '1.6'
      ? { connectorId: 1, idTag: tag, reservationId: id, expiryDate: iso(expiresMs) }
      : { id, evseId: 1, idToken: { idToken: tag, type: 'ISO14443' }, expiryDateTime: iso(expiresMs) };
  const statusesOf = (said: readonly { readonly [key: string]: unknown }[]) =>
    said
      .filter(({ connectorId, evseId }) => (evseId ?? connectorId) === 1)
      .map(({ status, connectorStatus }) => status ?? connectorStatus);

  it('keeps a reservation until it expires, and then tells so', async () => {
    const { command, pass, said, problems } = await givenChargePoint(ocpp);
    expect(await command('ReserveNow', reservation(15 * minute, 'T1'))).toEqual({ status: 'Accepted' });
    expect(await command('ReserveNow', reservation(15 * minute, 'T2', 10))).toEqual({ status: 'Occupied' });
    await pass(20 * minute);
    expect(statusesOf(said('StatusNotification'))).toEqual(['Available', 'Reserved', 'Available']);
    expect(said('ReservationStatusUpdate')).toEqual(
      ocpp === '1.6' ? [] : [{ reservationId: 9, reservationUpdateStatus: 'Expired' }],
    );
    expect([await command('CancelReservation', { reservationId: 9 }), problems]).toEqual([{ status: 'Rejected' }, []]);
  });

  it('cancels a reservation once', async () => {
    const { command, said } = await givenChargePoint(ocpp);
    await command('ReserveNow', reservation(15 * minute, 'T1'));
    expect(await command('CancelReservation', { reservationId: 9 })).toEqual({ status: 'Accepted' });
    expect(await command('CancelReservation', { reservationId: 9 })).toEqual({ status: 'Rejected' });
    expect(statusesOf(said('StatusNotification'))).toEqual(['Available', 'Reserved', 'Available']);
  });

  const start = (tag: string): [string, Record<string, unknown>] =>
    ocpp === '1.6'
      ? ['RemoteStartTransaction', { connectorId: 1, idTag: tag }]
      : ['RequestStartTransaction', { evseId: 1, remoteStartId: 1, idToken: { idToken: tag, type: 'ISO14443' } }];

  it('starts at a reserved connector for the one who reserved it only', async () => {
    const { command, pass, point } = await givenChargePoint(ocpp);
    await command('ReserveNow', reservation(60 * minute, 'T1'));
    expect(await command(...start('T2'))).toEqual({ status: 'Rejected' });
    expect(await command(...start('T1'))).toEqual({ status: 'Accepted' });
    await pass(minute);
    expect(point.record().connectors[0]?.transaction?.tag).toBe('T1');
    expect(await command('CancelReservation', { reservationId: 9 })).toEqual({ status: 'Rejected' });
  });

  it('goes out of service behind the session that runs', async () => {
    const drivers = oneEach(30 * minute);
    const { command, pass, said } = await givenChargePoint(ocpp, { drivers });
    const inoperative =
      ocpp === '1.6' ? { connectorId: 1, type: 'Inoperative' } : { operationalStatus: 'Inoperative', evse: { id: 1 } };
    expect(await command('ChangeAvailability', inoperative)).toEqual({ status: 'Scheduled' });
    expect(statusesOf(said('StatusNotification')).at(-1)).not.toBe('Unavailable');
    await pass(60 * minute);
    expect(statusesOf(said('StatusNotification')).at(-1)).toBe('Unavailable');
    expect(await command(...start('T1'))).toEqual({ status: 'Rejected' });
  });
});

describe('a simulated station speaking OCPP 2.0.1', () => {
  it('reports its variables in parts', async () => {
    const { command, pass, said, problems } = await givenChargePoint('2.0.1');
    const answer = await command('GetBaseReport', { requestId: 3, reportBase: 'FullInventory' });
    await pass(minute);
    const reports = said('NotifyReport');
    expect(answer).toEqual({ status: 'Accepted' });
    expect(reports.length).toBeGreaterThan(3);
    expect(reports.map(({ seqNo, tbc }) => [seqNo, tbc])).toEqual(
      reports.map((_, index) => [index, index < reports.length - 1]),
    );
    expect(problems).toEqual([]);
  });

  it('lets its variables be read and set, each as the specification says', async () => {
    const { command } = await givenChargePoint('2.0.1');
    const asked = (name: string) => {
      const [component = '', variable = ''] = name.split('.');
      return { component: { name: component }, variable: { name: variable } };
    };
    const set = async (name: string, attributeValue: string) => {
      const answer = await command('SetVariables', { setVariableData: [{ ...asked(name), attributeValue }] });
      return Object(answer).setVariableResult[0].attributeStatus;
    };
    expect([
      await set('OCPPCommCtrlr.HeartbeatInterval', '60'),
      await set('OCPPCommCtrlr.HeartbeatInterval', 'often'),
      await set('SmartChargingCtrlr.ProfileStackLevel', '1'),
      await set('OCPPCommCtrlr.WebSocketPingInterval', '30'),
      await set('OCPPCommCtrlr.Nothing', '1'),
      await set('NobodyCtrlr.Nothing', '1'),
    ]).toEqual(['Accepted', 'Rejected', 'Rejected', 'RebootRequired', 'UnknownVariable', 'UnknownComponent']);
    const read = await command('GetVariables', { getVariableData: [asked('OCPPCommCtrlr.HeartbeatInterval')] });
    expect(Object(read).getVariableResult[0]).toMatchObject({ attributeStatus: 'Accepted', attributeValue: '60' });
  });

  it('waits with a reset that may not interrupt anybody', async () => {
    const { command, pass, said } = await givenChargePoint('2.0.1', { drivers: oneEach(30 * minute) });
    expect(await command('Reset', { type: 'OnIdle' })).toEqual({ status: 'Scheduled' });
    await pass(20 * minute);
    expect(said('BootNotification')).toHaveLength(1);
    await pass(40 * minute);
    expect(said('BootNotification')).toHaveLength(2);
    const reasons = said('TransactionEvent').flatMap((event) => Object(event.transactionInfo).stoppedReason ?? []);
    expect(reasons).toEqual(['EVDisconnected', 'EVDisconnected', 'EVDisconnected']);
  });
});

describe('a simulated station speaking OCPP 1.6', () => {
  it('lets its configuration be read and changed, each key as the specification says', async () => {
    const { command } = await givenChargePoint('1.6');
    const change = async (key: string, value: string) =>
      Object(await command('ChangeConfiguration', { key, value })).status;
    expect([
      await change('HeartbeatInterval', '60'),
      await change('heartbeatinterval', 'often'),
      await change('ChargeProfileMaxStackLevel', '1'),
      await change('SecurityProfile', '2'),
      await change('NoSuchKey', '1'),
    ]).toEqual(['Accepted', 'Rejected', 'Rejected', 'RebootRequired', 'NotSupported']);
    expect(await command('GetConfiguration', { key: ['HeartbeatInterval', 'NoSuchKey'] })).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }],
      unknownKey: ['NoSuchKey'],
    });
  });

  it('reads its meter as often as it is configured to', async () => {
    const { command, pass, said } = await givenChargePoint('1.6', { drivers: oneEach() });
    await command('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '10' });
    await pass(2 * minute);
    const before = said('MeterValues').length;
    await pass(10 * minute);
    expect(said('MeterValues').length - before).toBe(3 * 60);
  });
});

describe('the limits a simulated station follows', () => {
  const schedule = (limit: number, unit = 'W', rest: object = {}) => ({
    chargingRateUnit: unit,
    chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    ...rest,
  });
  const profile16 = (purpose: string, limit: number, rest: object = {}, unit = 'W') => ({
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: purpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: schedule(limit, unit, { startSchedule: iso(0) }),
    ...rest,
  });
  const set16 = (connectorId: number, csChargingProfiles: object) =>
    ['SetChargingProfile', { connectorId, csChargingProfiles }] as const;

  it('of the station as a whole hold for all its connectors together', async () => {
    const { command, pass, powerW } = await givenChargePoint('1.6', { drivers: oneEach() });
    await command(...set16(0, profile16('ChargePointMaxProfile', 11_000)));
    await pass(2 * minute);
    const [first = 0, second = 0, third = 0] = powerW();
    expect(first + second + third).toBeLessThanOrEqual(11_000);
    expect(first + second).toBeGreaterThan(10_000);
    expect(third).toBe(0);
  });

  it('make a car pause below six amperes, which its status tells', async () => {
    const { command, pass, powerW, said } = await givenChargePoint('1.6', { drivers: oneEach() });
    await command(...set16(1, profile16('TxDefaultProfile', 5.9, {}, 'A')));
    await pass(2 * minute);
    expect(powerW()[0]).toBe(0);
    const last = said('StatusNotification').findLast(({ connectorId }) => connectorId === 1);
    expect(last?.status).toBe('SuspendedEVSE');
  });

  it('change with the periods of a profile to the second, without any message', async () => {
    const { command, clock, powerW } = await givenChargePoint('1.6', { drivers: oneEach() });
    const periods = [
      { startPeriod: 0, limit: 6 },
      { startPeriod: 600, limit: 10 },
    ];
    const chargingSchedule = { ...schedule(0, 'A', { startSchedule: iso(0) }), chargingSchedulePeriod: periods };
    await command(...set16(1, profile16('TxDefaultProfile', 0, { chargingSchedule, validTo: iso(20 * minute) })));
    const at = async (ms: number) => {
      await clock.runUntil(startAt + ms);
      return powerW()[0] ?? 0;
    };
    const powers = [await at(600_000 - 1), await at(600_000), await at(20 * minute - 1), await at(20 * minute)];
    const most = [6 * 690, 10 * 690, 10 * 690, 11_000];
    for (const [index, power] of powers.entries()) {
      expect(power).toBeLessThanOrEqual(most[index] ?? 0);
      expect(power).toBeGreaterThan(0.96 * (most[index] ?? 0));
    }
  });

  it('of a transaction end with it', async () => {
    const { command, pass, point, powerW } = await givenChargePoint('1.6', { drivers: oneEach(30 * minute) });
    const { transactionId } = point.record().connectors[0]?.transaction ?? {};
    const own = profile16('TxProfile', 5000, { transactionId: Number(transactionId) });
    expect(await command(...set16(1, own))).toEqual({ status: 'Accepted' });
    await pass(minute);
    expect(powerW()[0]).toBeLessThanOrEqual(5000);
    await pass(60 * minute);
    expect(await command('ClearChargingProfile', { id: 1 })).toEqual({ status: 'Unknown' });
  });

  it('are not followed by a station that does not obey, and later by a slow one', async () => {
    const loyal = await givenChargePoint('1.6', { drivers: oneEach() });
    loyal.point.behave('obedience=none');
    expect(await loyal.command(...set16(0, profile16('TxDefaultProfile', 5000)))).toEqual({ status: 'Accepted' });
    await loyal.pass(10 * minute);
    expect(loyal.powerW()[0]).toBeGreaterThan(10_000);

    const slow = await givenChargePoint('1.6', { drivers: oneEach() });
    slow.point.behave('obedience=slow:20000:100');
    await slow.command(...set16(0, profile16('TxDefaultProfile', 5000)));
    const seen = [];
    for (let step = 0; step < 5; step++) {
      await slow.pass(20_000);
      seen.push(slow.powerW()[0] ?? 0);
    }
    const [before = 0, during = 0, , , after = 0] = seen;
    expect([before > 9_900, during < before && during > 5000, after <= 5000]).toEqual([true, true, true]);
  });

  it('of the station are unknown to some', async () => {
    const { point, command } = await givenChargePoint('1.6');
    point.behave('station-maximum=off');
    expect(await command(...set16(0, profile16('ChargePointMaxProfile', 11_000)))).toEqual({ status: 'NotSupported' });
  });

  it('in watts leave a car with one phase its third, unless they are for one phase', async () => {
    const single = { ...car, phases: 1 as const };
    const { command, pass, powerW } = await givenChargePoint('1.6', { drivers: oneEach(undefined, single) });
    await command(...set16(1, profile16('TxDefaultProfile', 9000)));
    await pass(minute);
    expect(powerW()[0]).toBeLessThanOrEqual(3000);
    const chargingSchedule = {
      ...schedule(0, 'W', { startSchedule: iso(0) }),
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 3600, numberPhases: 1 }],
    };
    await command(...set16(1, profile16('TxDefaultProfile', 0, { chargingSchedule })));
    await pass(minute);
    expect(powerW()[0]).toBeGreaterThan(3400);
  });

  it('are reported, and shown as a schedule with all its periods', async () => {
    const { command, pass, said, problems } = await givenChargePoint('2.0.1');
    const chargingProfile = {
      id: 7,
      stackLevel: 2,
      chargingProfilePurpose: 'ChargingStationMaxProfile',
      chargingProfileKind: 'Absolute',
      validTo: iso(30 * minute),
      chargingSchedule: [{ id: 1, ...schedule(9000, 'W', { startSchedule: iso(0) }) }],
    };
    await command('SetChargingProfile', { evseId: 0, chargingProfile });
    expect(await command('GetChargingProfiles', { requestId: 4, chargingProfile: {} })).toEqual({ status: 'Accepted' });
    await pass(minute);
    expect(said('ReportChargingProfiles')).toEqual([
      { requestId: 4, chargingLimitSource: 'CSO', evseId: 0, tbc: false, chargingProfile: [chargingProfile] },
    ]);
    const composite = await command('GetCompositeSchedule', { evseId: 0, duration: 7200, chargingRateUnit: 'W' });
    expect(Object(composite).schedule.chargingSchedulePeriod).toEqual([
      { startPeriod: 0, limit: 9000 },
      { startPeriod: expect.closeTo(1435, -1), limit: 33_000 },
    ]);
    const stranger = { ...chargingProfile, chargingProfilePurpose: 'ChargingStationExternalConstraints' };
    expect(await command('SetChargingProfile', { evseId: 0, chargingProfile: stranger })).toEqual({
      status: 'Rejected',
      statusInfo: { reasonCode: 'InvalidProfile' },
    });
    expect(problems).toEqual([]);
  });
});

describe('a day without anybody', () => {
  it('is quiet', async () => {
    const { pass, heard } = await givenChargePoint('1.6', { drivers: nobody });
    const before = heard.length;
    await pass(24 * 60 * minute);
    expect(new Set(heard.slice(before).map(({ action }) => action))).toEqual(new Set(['Heartbeat']));
  });
});

describe('a car at a simulated station', () => {
  it('has wishes, which shrink while it charges and go with it', async () => {
    const { point, pass } = await givenChargePoint('1.6', { drivers: oneEach(60 * minute) });
    const early = point.record().connectors[0]?.car;
    await pass(30 * minute);
    const late = point.record().connectors[0]?.car;
    expect(early?.leavesAt).toBe(late?.leavesAt);
    expect((early?.wantsWh ?? 0) - (late?.wantsWh ?? 0)).toBeGreaterThan(5_000);
    await pass(60 * minute);
    expect(point.record().connectors[0]?.car).toBeUndefined();
  });
});
