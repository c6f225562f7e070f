import { describe, expect, it } from 'vitest';
import { answer, tagQuestion } from '../../ocpp/answer.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { type Call, readFrame } from '../../ocpp/frames/read-frame.ts';
import { normalise } from '../../ocpp/normalise.ts';
import { accepted, frameEnvelope, head, normaliseCall, now, replyTo } from './gateway.ts';

const call = (action: string, payload: unknown): Call => ({ kind: 'call', id: 'm', action, payload });
const token = { idToken: 'T', type: 'ISO14443' };
const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };
const event = {
  eventType: 'Started',
  seqNo: 0,
  timestamp: '2026-11-20T11:00:00Z',
  triggerReason: 'Authorized',
  transactionInfo: { transactionId: 't' },
};
const started = { connectorId: 1, idTag: 'T', meterStart: 5, timestamp: '2026-11-20T11:00:00Z' };

describe('the answer', () => {
  it('to a boot tells the time in UTC and the heartbeat interval', () => {
    const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
    expect(replyTo('BootNotification', boot)).toEqual([
      3,
      'm',
      { currentTime: '2026-11-20T12:00:00.000Z', interval: 540, status: 'Accepted' },
    ]);
    expect(replyTo('BootNotification', boot, { admission: 'pending' })).toMatchObject([3, 'm', { status: 'Pending' }]);
    expect(replyTo('BootNotification', boot, { admission: 'rejected' })).toMatchObject([
      3,
      'm',
      { status: 'Rejected' },
    ]);
  });

  it.each([
    ['Authorize', { idTag: '' }],
    ['StartTransaction', { ...started, idTag: '' }],
    ['StartTransaction', {}],
    ['StartTransaction', { ...started, idTag: { tag: 'T' } }],
    ['StopTransaction', { transactionId: 0, meterStop: 5, timestamp: started.timestamp, idTag: '' }],
  ])('to %s with %j is Invalid: nobody looked up a tag that is none', (action, payload) => {
    const noTag = () => {
      throw new Error('No tag was looked up');
    };
    const asked = call(action, payload);
    expect(tagQuestion(asked, '1.6', now)).toBeUndefined();
    const told: unknown[] = JSON.parse(answer(asked, { ...accepted, tag: noTag }).text ?? 'null');
    expect(told).toMatchObject([3, 'm', { idTagInfo: { status: 'Invalid' } }]);
  });

  it('refuses a value outside the schema where the answer would repeat it', () => {
    const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
    const ask = (patch: object) => {
      const certificateStatusRequests = [
        { certificateHashData: { ...hash, ...patch }, source: 'OCSP', urls: ['https://example.org'] },
      ];
      const text = answer(call('GetCertificateChainStatus', { certificateStatusRequests }), {
        ...accepted,
        ocpp: '2.1',
      }).text;
      return JSON.parse(text ?? 'null');
    };
    expect(ask({})).toMatchObject([3, 'm', { certificateStatus: [{ certificateHashData: hash, status: 'Failed' }] }]);
    expect(head(ask({ hashAlgorithm: 'MD5' }))).toEqual([4, 'm', 'PropertyConstraintViolation']);
    expect(head(ask({ vendorWord: 1 }))).toEqual([4, 'm', 'PropertyConstraintViolation']);
  });

  it.each(['NoError', 'noerror', 'NO_ERROR', 'No Error', '', 'null'])(
    'hears no error in the errorCode %j',
    (errorCode) => {
      const [fact] = normaliseCall('StatusNotification', { ...status, errorCode }).facts;
      expect(fact).toEqual(expect.not.objectContaining({ errorCode: expect.anything() }));
    },
  );

  it('needs no record only for a plain accepted Heartbeat', () => {
    const keep = (action: string, payload: unknown, admission: 'accepted' | 'rejected' = 'accepted') =>
      answer(call(action, payload), { ...accepted, admission }).keep;
    expect([
      keep('Heartbeat', {}),
      keep('Heartbeat', { extra: 1 }),
      keep('Heartbeat', {}, 'rejected'),
      keep('StatusNotification', status),
      answer(readFrame('junk', '1.6'), accepted).keep,
    ]).toEqual([false, true, true, true, true]);
  });

  it('takes an optional member that is null as left out, and a required one as wrong', () => {
    const boot = { chargePointVendor: 'V', chargePointModel: 'M', iccid: null, imsi: null };
    expect(replyTo('BootNotification', boot)).toMatchObject([3, 'm', { status: 'Accepted' }]);
    expect(head(replyTo('BootNotification', { ...boot, chargePointModel: null }))).toEqual([
      4,
      'm',
      'TypeConstraintViolation',
    ]);
  });

  it('to a Heartbeat with a null payload is a result: OCPP-J allows null for an empty payload', () => {
    expect(replyTo('Heartbeat', null)).toMatchObject([3, 'm', {}]);
    expect(head(replyTo('StatusNotification', null))).toEqual([4, 'm', 'OccurenceConstraintViolation']);
  });

  it.each([
    ['1.6', 'Authorize', [], 'FormationViolation'],
    ['1.6', 'Authorize', {}, 'OccurenceConstraintViolation'],
    ['1.6', 'Authorize', { idTag: 5 }, 'TypeConstraintViolation'],
    ['1.6', 'Authorize', { idTag: null }, 'TypeConstraintViolation'],
    ['1.6', 'Authorize', { idTag: 'x'.repeat(21) }, 'PropertyConstraintViolation'],
    ['1.6', 'StatusNotification', { ...status, connectorId: '1' }, 'TypeConstraintViolation'],
    ['2.0.1', 'Authorize', 'text', 'FormatViolation'],
    ['2.0.1', 'Authorize', {}, 'OccurrenceConstraintViolation'],
    ['2.0.1', 'Authorize', { idToken: 'T' }, 'TypeConstraintViolation'],
    ['2.0.1', 'Authorize', { idToken: { ...token, idToken: 'x'.repeat(37) } }, 'PropertyConstraintViolation'],
    [
      '2.0.1',
      'NotifyReport',
      { requestId: 1, generatedAt: '2026-11-20T11:00:00Z', seqNo: 0, reportData: [] },
      'OccurrenceConstraintViolation',
    ],
  ] as const)('in %s to %s %j is %s', (ocpp, action, payload, code) => {
    expect(head(replyTo(action, payload, { ocpp }))).toEqual([4, 'm', code]);
    expect(normaliseCall(action, payload, { ocpp }).rejected).toContain('Violation');
  });

  it('is a result for unknown enum values and unknown properties, with a warning', () => {
    const { facts, warnings } = normaliseCall('StatusNotification', {
      ...status,
      status: 'Napping',
      mood: 'good',
      errorCode: 'Tired',
    });
    expect(facts).toMatchObject([{ status: 'unknown', vendorStatus: 'Napping', errorCode: 'Tired' }]);
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unknown-property ',
      'unknown-value /errorCode',
      'unknown-value /status',
      'timestamp-missing /timestamp',
    ]);
  });

  it.each([
    ['1.6', 'StartTransaction'],
    ['1.6', 'StopTransaction'],
    ['1.6', 'MeterValues'],
    ['2.0.1', 'TransactionEvent'],
    ['2.0.1', 'MeterValues'],
    ['2.1', 'TransactionEvent'],
  ] as const)('in %s to %s is never an error, whatever it holds', (ocpp, action) => {
    const payloads = [
      {},
      [],
      null,
      'x',
      { meterValue: 'x' },
      { meterValue: [null, 5, { sampledValue: [null, { value: {} }] }] },
      { connectorId: -1, idTag: {}, idToken: 5, transactionInfo: [] },
    ];
    const types = payloads.map((payload) => head(replyTo(action, payload, { ocpp }))[0]);
    expect(types).toEqual(payloads.map(() => 3));
  });
});

describe('a station that is not accepted', () => {
  const told = (ocpp: OcppVersion, admission: 'pending' | 'rejected', action: string, payload: unknown) =>
    head(replyTo(action, payload, { ocpp, admission }));
  const report = { requestId: 1, generatedAt: '2026-11-20T11:00:00Z', seqNo: 0 };

  it('gets SecurityError in 2.x for all but boots and, while Pending, the reports we asked for', () => {
    expect(told('2.0.1', 'pending', 'Heartbeat', {})).toEqual([4, 'm', 'SecurityError']);
    expect(told('2.0.1', 'pending', 'TransactionEvent', event)).toEqual([4, 'm', 'SecurityError']);
    expect(told('2.0.1', 'pending', 'NotifyReport', report)).toEqual([3, 'm', {}]);
    expect(told('2.0.1', 'rejected', 'NotifyReport', report)).toEqual([4, 'm', 'SecurityError']);
  });

  it('may report in 1.6 while Pending (it may have been triggered), but no tag is accepted there', () => {
    expect(told('1.6', 'pending', 'StatusNotification', status)).toEqual([3, 'm', {}]);
    expect(told('1.6', 'pending', 'Authorize', { idTag: 'T' })).toEqual([3, 'm', { idTagInfo: { status: 'Invalid' } }]);
    expect(told('1.6', 'pending', 'StartTransaction', started)).toMatchObject([
      3,
      'm',
      { idTagInfo: { status: 'Invalid' } },
    ]);
  });

  it('gets SecurityError in 1.6 while Rejected: it was told to keep silent', () => {
    expect(told('1.6', 'rejected', 'Heartbeat', {})).toEqual([4, 'm', 'SecurityError']);
    expect(told('1.6', 'rejected', 'StartTransaction', started)).toEqual([4, 'm', 'SecurityError']);
  });

  it('leaves no facts of what it was refused', () => {
    expect(normaliseCall('StatusNotification', status, { admission: 'rejected' })).toEqual({
      facts: [],
      warnings: [],
      rejected: 'StatusNotification was answered with SecurityError: The station is rejected',
    });
  });
});

describe('tags', () => {
  it('are named before the answer needs them, with the start they ask for', () => {
    const at = Date.UTC(2026, 10, 20, 11);
    const isReplay = true; // an hour before the gateway's clock
    const replayed = { at, isReplay };
    const offline = { ...event, offline: true, timestamp: '2026-11-20T12:00:00Z', evse: { id: 3 }, idToken: token };
    expect([
      tagQuestion(call('Authorize', { idTag: 'A' }), '1.6', now),
      tagQuestion(call('StartTransaction', started), '1.6', now),
      tagQuestion(call('StopTransaction', { idTag: 'B', timestamp: '2026-11-20T11:59:00Z' }), '1.6', now),
      tagQuestion(call('StopTransaction', {}), '1.6', now),
      tagQuestion(call('TransactionEvent', { idToken: token, eventType: 'Updated' }), '2.0.1', now),
      tagQuestion(call('TransactionEvent', offline), '2.0.1', now),
      tagQuestion(call('Authorize', { idToken: { idToken: '', type: 'NoAuthorization' } }), '2.0.1', now),
      tagQuestion(call('Heartbeat', null), '2.0.1', now),
      tagQuestion(call('Nonsense', { idTag: 'A' }), '1.6', now),
    ]).toEqual([
      { tag: 'A', at: now, isReplay: false },
      { tag: 'T', ...replayed, starts: { evseId: 1 } },
      { tag: 'B', at: now - 60_000, isReplay: false },
      undefined,
      { tag: 'T', at: now, isReplay: false },
      { tag: 'T', at: now, isReplay: true, starts: { evseId: 3 } },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are not spoken of by a stop or a later event when the list could not be asked; a start has its verdict', () => {
    const unverified = { tag: () => ({ status: 'Invalid', unverified: true }) as const };
    const stop = { meterStop: 1, timestamp: '2026-11-20T11:00:00Z', transactionId: 1, idTag: 'T' };
    const later = (eventType: string) =>
      replyTo('TransactionEvent', { ...event, eventType, idToken: token }, { ...unverified, ocpp: '2.0.1' });
    expect([replyTo('StopTransaction', stop, unverified), later('Updated'), later('Ended')]).toEqual([
      [3, 'm', {}],
      [3, 'm', {}],
      [3, 'm', {}],
    ]);
    expect([replyTo('StartTransaction', started, unverified), later('Started')]).toMatchObject([
      [3, 'm', { idTagInfo: { status: 'Invalid' } }],
      [3, 'm', { idTokenInfo: { status: 'Invalid' } }],
    ]);
  });

  it.each([
    ['1.6', 'StartTransaction', () => started],
    ['2.0.1', 'TransactionEvent', () => ({ ...event, eventType: 'Started', idToken: token })],
  ] as const)('leave a mark on the start of %s whose verdict was the policy’s', (ocpp, action, payload) => {
    const frame = JSON.stringify([2, 'm', action, payload()]);
    const { facts } = normalise({ ...frameEnvelope(frame, { ocpp }), tagUnverified: true });
    expect(facts).toMatchObject([{ type: 'SessionStarted', tagUnverified: true }]);
    expect(normalise(frameEnvelope(frame, { ocpp })).facts[0]).not.toHaveProperty('tagUnverified');
  });

  const blocked = { tag: () => ({ status: 'Blocked', expiresAt: Date.UTC(2027, 0, 1), parentTag: 'P' }) as const };

  it('are answered in the words of the version', () => {
    const info16 = { status: 'Blocked', expiryDate: '2027-01-01T00:00:00.000Z', parentIdTag: 'P' };
    expect(replyTo('Authorize', { idTag: 'T' }, blocked)).toEqual([3, 'm', { idTagInfo: info16 }]);
    expect(replyTo('Authorize', { idToken: token }, { ...blocked, ocpp: '2.0.1' })).toEqual([
      3,
      'm',
      {
        idTokenInfo: {
          status: 'Blocked',
          cacheExpiryDateTime: '2027-01-01T00:00:00.000Z',
          groupIdToken: { idToken: 'P', type: 'Central' },
        },
      },
    ]);
  });

  it('are answered only where one was presented', () => {
    const stop = { meterStop: 1, timestamp: '2026-11-20T11:00:00Z', transactionId: 1 };
    expect(replyTo('StopTransaction', stop)).toEqual([3, 'm', {}]);
    expect(replyTo('StopTransaction', { ...stop, idTag: 'T' })).toEqual([
      3,
      'm',
      { idTagInfo: { status: 'Accepted' } },
    ]);
    expect(replyTo('TransactionEvent', event, { ocpp: '2.0.1' })).toEqual([3, 'm', {}]);
    expect(replyTo('TransactionEvent', { ...event, idToken: token }, { ocpp: '2.0.1' })).toEqual([
      3,
      'm',
      { idTokenInfo: { status: 'Accepted' } },
    ]);
  });

  it('are not checked for a start by button (NoAuthorization)', () => {
    const pressed = { ...event, idToken: { idToken: '', type: 'NoAuthorization' } };
    expect(replyTo('TransactionEvent', pressed, { ...blocked, ocpp: '2.0.1' })).toEqual([
      3,
      'm',
      { idTokenInfo: { status: 'Accepted' } },
    ]);
  });

  it('that are refused leave their start on record', () => {
    expect(normaliseCall('StartTransaction', started, blocked).facts).toMatchObject([
      { type: 'SessionStarted', tag: 'T', tagVerdict: 'Blocked' },
    ]);
    expect(
      normaliseCall('TransactionEvent', { ...event, idToken: token }, { ...blocked, ocpp: '2.0.1' }).facts,
    ).toMatchObject([{ type: 'SessionStarted', tag: 'T', tagVerdict: 'Blocked' }]);
  });
});
