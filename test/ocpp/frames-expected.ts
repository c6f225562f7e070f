/**
 * What each frame of frames.jsonl must become, checked by hand against the note of its vendor's quirk.
 * A fact without `clock` in the frame: the charger's stamp where `at` is one, the receive time where it is `receivedIso`.
 */
export const receivedIso = '2026-11-20T00:00:00.000Z';

const on = (connectorId: number) => ({ evseId: connectorId, connectorId });

/** `answer`: the payload of the result, the code of the error, or null for silence. */
export type Expected = {
  readonly answer: object | string | null;
  readonly rejected?: true;
  readonly facts: readonly object[];
  readonly warnings: readonly string[];
};

export const expectedByFrame: Readonly<Record<number, Expected>> = {
  // Injet Sonic: current is on phase N; power in kW, energy in Wh; no context/format
  1: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2024-09-05T21:41:59.333Z',
        ...on(1),
        transactionId: '1725564597',
        reading: {
          context: 'periodic',
          energyWh: 254780,
          powerW: 3500,
          powerSource: 'measured',
          currentA: 15.6,
          currentByPhaseA: { N: 15.6 },
          voltageV: 231.1,
          voltageByPhaseV: { L1: 231.1 },
          temperatureC: 35,
        },
      },
    ],
    warnings: ['neutral-as-phase'],
  },
  // Injet-family (QrCode config key): voltage phases Lx-N, current phases Lx; power kW
  2: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-03-04T21:04:33.333Z',
        ...on(1),
        transactionId: '1741096347',
        reading: {
          context: 'periodic',
          energyWh: 113400,
          powerW: 3400,
          powerSource: 'measured',
          currentA: 14.8,
          currentByPhaseA: { L1: 14.8, L2: 0, L3: 0 },
          voltageV: 234.033,
          voltageByPhaseV: { L1: 230.4, L2: 234.2, L3: 237.5 },
          temperatureC: 32,
        },
      },
    ],
    warnings: [],
  },
  // ABB Terra AC: per-phase only, no total power
  4: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-10-05T03:37:44.000Z',
        ...on(1),
        transactionId: '1759635101',
        reading: {
          context: 'periodic',
          powerW: 6956,
          powerSource: 'phases',
          currentA: 45.78,
          currentByPhaseA: { L1: 15.21, L2: 15.42, L3: 15.15 },
          voltageV: 227.867,
          voltageByPhaseV: { L1: 229, L2: 227.9, L3: 226.7 },
        },
      },
    ],
    warnings: [],
  },
  // ABB Terra AC: idle, Trigger context, no transactionId; register 0 outside a transaction (session register)
  5: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2024-12-31T10:50:26.000Z',
        ...on(1),
        reading: { context: 'trigger', energyWh: 0, powerW: 0, powerSource: 'measured', currentA: 0 },
      },
    ],
    warnings: ['register-zero'],
  },
  // ABB Terra AC: two-phase load on a three-phase box
  7: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2022-01-18T19:00:50.000Z',
        ...on(1),
        transactionId: '1',
        reading: {
          context: 'periodic',
          powerW: 4333,
          powerSource: 'phases',
          currentA: 19.11,
          currentByPhaseA: { L1: 9.57, L2: 9.54, L3: 0 },
          voltageV: 230.633,
          voltageByPhaseV: { L1: 229.6, L2: 229.9, L3: 232.4 },
        },
      },
    ],
    warnings: [],
  },
  // ABB Terra AC
  8: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-07-04T21:03:50.000Z',
        ...on(1),
        reading: {
          context: 'trigger',
          powerW: 0,
          powerSource: 'phases',
          currentA: 0,
          currentByPhaseA: { L1: 0, L2: 0, L3: 0 },
          voltageV: 239.3,
          voltageByPhaseV: { L1: 240.2, L2: 239.3, L3: 238.4 },
        },
      },
    ],
    warnings: [],
  },
  // Growatt THOR 22AS: two energy registers in one sample (Periodic and Transaction.Begin); offset timestamp, one hour behind the receiver clock (DST)
  10: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2026-01-05T04:58:38.000Z',
        ...on(1),
        transactionId: '1767583807',
        reading: { context: 'begin', energyWh: 157440 },
      },
      {
        type: 'MeterSampled',
        at: '2026-01-05T04:58:38.000Z',
        ...on(1),
        transactionId: '1767583807',
        reading: {
          context: 'periodic',
          energyWh: 163630,
          currentA: 17.92,
          currentByPhaseA: { L1: 5.84, L2: 5.9, L3: 6.18 },
        },
      },
    ],
    warnings: [],
  },
  // Growatt THOR 11AS: register restarts at 0 per session; +01:00 timestamp
  11: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-01-03T15:23:18.000Z',
        ...on(1),
        transactionId: '1735917607',
        reading: { context: 'begin', energyWh: 0 },
      },
      {
        type: 'MeterSampled',
        at: '2025-01-03T15:23:18.000Z',
        ...on(1),
        transactionId: '1735917607',
        reading: {
          context: 'periodic',
          energyWh: 111,
          powerW: 2216,
          powerSource: 'phases',
          currentA: 9.46,
          currentByPhaseA: { L1: 9.46, L2: 0, L3: 0 },
          voltageV: 234.567,
          voltageByPhaseV: { L1: 232.5, L2: 236.3, L3: 234.9 },
        },
      },
    ],
    warnings: [],
  },
  // Project EV: same session 191 s later: +203 Wh
  13: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-04-23T16:53:05.083Z',
        ...on(1),
        transactionId: '1745408128',
        reading: { context: 'begin', energyWh: 0 },
      },
      {
        type: 'MeterSampled',
        at: '2025-04-23T16:53:05.083Z',
        ...on(1),
        transactionId: '1745408128',
        reading: {
          context: 'periodic',
          energyWh: 203,
          powerW: 3916,
          powerSource: 'phases',
          currentA: 16.41,
          currentByPhaseA: { L1: 16.41 },
          voltageV: 237.3,
          voltageByPhaseV: { L1: 237.3 },
          temperatureC: 27,
        },
      },
    ],
    warnings: [],
  },
  // unknown (JVH serial): current and power carry phase L1-N; location Body
  14: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2024-10-29T20:50:03.000Z',
        ...on(1),
        transactionId: '1730229549',
        reading: {
          context: 'periodic',
          energyWh: 2331816,
          powerW: 3430,
          powerSource: 'phases',
          currentA: 15.52,
          currentByPhaseA: { L1: 15.52, L2: 0 },
          offeredA: 16,
          voltageV: 228.167,
          voltageByPhaseV: { L1: 222.3, L2: 231.6, L3: 230.6 },
        },
      },
    ],
    warnings: ['location-not-outlet', 'location-not-outlet', 'location-not-outlet'],
  },
  // en+ / SN100523 AU
  16: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2024-07-09T02:06:51.000Z',
        ...on(1),
        transactionId: '3',
        reading: {
          context: 'trigger',
          energyWh: 10798,
          powerW: 0,
          powerSource: 'measured',
          currentA: 0,
          currentByPhaseA: { L1: 0 },
          offeredA: 32,
          voltageV: 245.8,
          voltageByPhaseV: { L1: 245.8 },
        },
      },
    ],
    warnings: [],
  },
  // unknown (serial 03111…): energy in kWh with 10 Wh steps; induced phantom voltage on an unconnected phase
  17: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-03-15T13:20:27.000Z',
        ...on(1),
        transactionId: '1742041873',
        reading: {
          context: 'periodic',
          energyWh: 80,
          powerW: 3356.9,
          powerSource: 'measured',
          currentA: 14.07,
          currentByPhaseA: { L1: 14.07, L2: 0, L3: 0 },
          voltageV: 238.54,
          voltageByPhaseV: { L1: 238.54, L2: 118.38 },
        },
      },
    ],
    warnings: ['phantom-voltage'],
  },
  // Teison TeisonMe 7kW: in a transaction but no energy and no power at all
  19: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-04-18T04:21:42.000Z',
        ...on(1),
        transactionId: '1744943533',
        reading: { context: 'periodic', voltageV: 247.1 },
      },
    ],
    warnings: ['no-energy-no-power'],
  },
  // Teison TeisonMe 7kW
  20: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-04-18T04:22:42.000Z',
        ...on(1),
        transactionId: '1744943533',
        reading: { context: 'periodic', voltageV: 247.4 },
      },
    ],
    warnings: ['no-energy-no-power'],
  },
  // Wallbox Pulsar Pro
  22: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-06-28T10:02:56.000Z',
        reading: {
          context: 'trigger',
          energyWh: 600007,
          powerW: 0,
          powerSource: 'measured',
          currentA: 0,
          currentByPhaseA: { L1: 0, L2: 0, L3: 0 },
          offeredA: 0,
          voltageV: 231.667,
          voltageByPhaseV: { L1: 235, L2: 228, L3: 232 },
        },
      },
    ],
    warnings: ['schema-violation', 'connector-missing'],
  },
  // Wallbox Pulsar Plus fw 5.7.18: replayed backlog: two days old when received 2022-05-21, with a transactionId the CSMS never issued (1936029036)
  23: {
    answer: {},
    facts: [{ type: 'MeterSampled', at: '2022-05-19T03:59:59.000Z', reading: { context: 'clock', energyWh: 37645 } }],
    warnings: ['schema-violation', 'connector-missing'],
  },
  // Alfen: still sending a transactionId from two days before; no format key
  25: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2022-09-04T18:39:12.000Z',
        ...on(1),
        transactionId: '1662160391',
        reading: {
          context: 'periodic',
          energyWh: 3058620,
          powerW: 0,
          powerSource: 'measured',
          currentA: 0,
          currentByPhaseA: { L1: 0, L2: 0, L3: 0 },
        },
      },
    ],
    warnings: [],
  },
  // Alfen: phase-to-phase voltages; head of the frame cut off in the excerpt
  26: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: receivedIso,
        ...on(1),
        reading: {
          context: 'periodic',
          powerW: 0,
          powerSource: 'phases',
          voltageV: 227.033,
          voltageByPhaseV: { L1: 227.2, L2: 225.3, L3: 228.6, 'L1-L2': 394.9, 'L2-L3': 393.7, 'L3-L1': 396.7 },
          temperatureC: 34.875,
        },
      },
    ],
    warnings: ['timestamp-unreadable'],
  },
  // unknown (EzTk3p… id): 4,034,839 Wh lifetime register
  28: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2026-07-23T23:35:22.000Z',
        ...on(1),
        transactionId: '1784806681',
        reading: {
          context: 'periodic',
          energyWh: 4034839,
          powerW: 0,
          powerSource: 'measured',
          offeredW: 13300,
          currentA: 0,
          offeredA: 19,
        },
      },
    ],
    warnings: [],
  },
  // unknown (EzTk3p… id): per-phase energy registers (sum must not be added to the total); timestamp 8 s in the future at reception (23:35:32Z)
  29: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2026-07-23T23:35:40.000Z',
        ...on(1),
        transactionId: '1784806681',
        reading: { context: 'periodic', energyWh: 3057774 },
      },
    ],
    warnings: ['register-per-phase'],
  },
  // ZJ Beny: INVALID JSON on the wire: leading comma in sampledValue
  31: {
    answer: null,
    rejected: true,
    facts: [],
    warnings: [],
  },
  // customer DC fleet: maintainer: "from our real life chargers"; fractional Wh, connector 4
  32: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2021-04-08T17:40:33.000Z',
        ...on(4),
        transactionId: '14',
        reading: { context: 'periodic', energyWh: 164.5 },
      },
    ],
    warnings: [],
  },
  // DC charger (brand anonymised), charger6: import power in kW but offered power in W; interval and register energy together; DC voltage; transactionId 1
  34: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-08-26T23:59:57.599Z',
        ...on(1),
        transactionId: '1',
        reading: {
          context: 'periodic',
          energyWh: 30850873.3,
          intervalWh: 46.9,
          powerW: 20700,
          powerSource: 'measured',
          offeredW: 60000,
          currentA: 37.3,
          offeredA: 200,
          voltageV: 587.2,
          socPercent: 67,
        },
      },
    ],
    warnings: [],
  },
  // DC charger (brand anonymised), charger10: same transactionId 1 as charger6: ids are only unique per station
  35: {
    answer: {},
    facts: [
      {
        type: 'MeterSampled',
        at: '2025-08-26T23:59:59.865Z',
        ...on(1),
        transactionId: '1',
        reading: {
          context: 'periodic',
          energyWh: 13135616.1,
          intervalWh: 311.9,
          powerW: 124800,
          powerSource: 'measured',
          offeredW: 150000,
          currentA: 198.5,
          offeredA: 200,
          voltageV: 628.6,
          socPercent: 39,
        },
      },
    ],
    warnings: [],
  },
  // Wallbox
  37: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2026-04-25T13:12:29.000Z',
        ...on(1),
        status: 'preparing',
        vendorStatus: 'Preparing',
      },
    ],
    warnings: [],
  },
  // Wallbox: connector 0 = whole station
  38: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2024-08-19T09:14:43.000Z',
        ...on(0),
        status: 'available',
        vendorStatus: 'Available',
      },
    ],
    warnings: [],
  },
  // ABB Terra AC: no timestamp; the string "null"
  40: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: receivedIso,
        ...on(1),
        status: 'preparing',
        vendorStatus: 'Preparing',
        vendorErrorCode: '0x0000',
      },
    ],
    warnings: ['timestamp-missing'],
  },
  // ABL: +00:00 offset form
  41: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2023-04-15T11:04:45.659Z',
        ...on(1),
        status: 'finishing',
        vendorStatus: 'Finishing',
      },
    ],
    warnings: [],
  },
  // CTEK Chargestorm: payload only in the source
  43: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2026-07-11T08:12:09.000Z',
        ...on(2),
        status: 'faulted',
        vendorStatus: 'Faulted',
        errorCode: 'OtherError',
        vendorErrorCode: 'NoPPDetected',
      },
    ],
    warnings: [],
  },
  // Alfen: received 2022-02-02T13:33:37: two days late
  44: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2022-01-31T14:44:28.000Z',
        ...on(0),
        status: 'faulted',
        vendorStatus: 'Faulted',
        errorCode: 'OtherError',
        vendorErrorCode: '210',
        info: 'Modbus TCP/IP lost, in safe mode max 14.0A',
      },
    ],
    warnings: [],
  },
  // ESP32/MicroOcpp board
  46: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2023-10-02T06:56:00.789Z',
        ...on(1),
        status: 'charging',
        vendorStatus: 'Charging',
      },
    ],
    warnings: [],
  },
  // ESP32/MicroOcpp board
  47: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2023-04-05T10:19:38.000Z',
        ...on(1),
        status: 'faulted',
        vendorStatus: 'Faulted',
        errorCode: 'OverVoltage',
      },
    ],
    warnings: [],
  },
  // MicroOcpp/Mongoose: epoch timestamp before clock sync
  49: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: receivedIso,
        stampedAt: 740,
        ...on(0),
        status: 'available',
        vendorStatus: 'Available',
      },
    ],
    warnings: ['timestamp-before-2010'],
  },
  // MicroOcpp/Mongoose: epoch timestamp before clock sync
  50: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: receivedIso,
        stampedAt: 750,
        ...on(1),
        status: 'available',
        vendorStatus: 'Available',
      },
    ],
    warnings: ['timestamp-before-2010'],
  },
  // Mennekes (ACU): no timestamp
  52: {
    answer: {},
    facts: [
      { type: 'StatusReported', at: receivedIso, ...on(2), status: 'suspendedEVSE', vendorStatus: 'SuspendedEVSE' },
    ],
    warnings: ['timestamp-missing'],
  },
  // OpenEVSE
  53: {
    answer: {},
    facts: [
      {
        type: 'StatusReported',
        at: '2024-01-15T13:23:28.666Z',
        ...on(1),
        status: 'finishing',
        vendorStatus: 'Finishing',
      },
    ],
    warnings: [],
  },
  // EVBox (EVB-P2130): meterStart 0 although lifetime meters exist (EVB-P2025 sends 2034698 at stop)
  55: {
    answer: { idTagInfo: { status: 'Accepted' }, transactionId: 1239443762 },
    facts: [
      {
        type: 'SessionStarted',
        at: '2024-07-10T18:23:02.000Z',
        ...on(1),
        transactionId: '1239443762',
        meterStartWh: 0,
        tag: 'REDACTED-2',
      },
    ],
    warnings: ['meter-start-zero'],
  },
  // EVBox (EVB-P2130)
  56: {
    answer: { status: 'UnknownVendorId' },
    facts: [
      {
        type: 'DataTransferred',
        at: receivedIso,
        vendorId: 'EV-BOX',
        vendorMessageId: 'evbStatusNotification',
        data: '1,Preparing,NoError,No error.,0,Off,0,{20,8016,100},{0,0},{B,11918,8924,61657},0,0,400,2024-07-10T18:23:00Z,0,3,{0,0,0,0,0,0,0,0,0},320,0,0,138,0,340,900,0',
      },
    ],
    warnings: [],
  },
  // Alfen Eve NG910
  58: {
    answer: { currentTime: receivedIso, interval: 540, status: 'Accepted' },
    facts: [
      {
        type: 'StationBooted',
        at: receivedIso,
        vendor: 'Alfen BV',
        model: 'NG910-60023',
        serialNumber: 'REDACTED',
        firmware: '6.5.0-4217',
      },
    ],
    warnings: [],
  },
  // Alfen Eve NG910
  59: {
    answer: { currentTime: receivedIso, interval: 540, status: 'Accepted' },
    facts: [
      {
        type: 'StationBooted',
        at: receivedIso,
        vendor: 'Alfen BV',
        model: 'NG910-60023',
        serialNumber: 'REDACTED',
        firmware: '4.15.7-4054',
      },
    ],
    warnings: [],
  },
  // Phihong EA702: message id looks like a UUID but contains v and t
  61: {
    answer: { currentTime: receivedIso, interval: 540, status: 'Accepted' },
    facts: [
      {
        type: 'StationBooted',
        at: receivedIso,
        vendor: 'Phihong Technology',
        model: 'EA702CxTFxPx',
        serialNumber: 'REDACTED',
        firmware: 'V0.35.70.x007.PH',
      },
    ],
    warnings: [],
  },
  // ABB Terra AC: ABB resends StartTransaction with the original timestamp after a lost connection (duplicate start)
  62: {
    answer: { idTagInfo: { status: 'Accepted' }, transactionId: 1931225521 },
    facts: [
      {
        type: 'SessionStarted',
        at: '2021-03-24T07:06:40.000Z',
        ...on(1),
        transactionId: '1931225521',
        meterStartWh: 0,
        tag: 'REDACTED-4',
      },
    ],
    warnings: ['meter-start-zero'],
  },
  // OpenEVSE
  64: {
    answer: {},
    facts: [
      {
        type: 'SessionStopped',
        at: '2024-01-15T13:23:28.057Z',
        transactionId: '347',
        meterStopWh: 54,
        reason: 'deauthorized',
        vendorReason: 'DeAuthorized',
      },
    ],
    warnings: [],
  },
  // Mennekes (ACU): connectorId is not allowed in Authorize.req
  65: {
    answer: { idTagInfo: { status: 'Accepted' } },
    facts: [{ type: 'TagPresented', at: receivedIso, tag: 'REDACTED-6' }],
    warnings: ['unknown-property'],
  },
  // AcTEC EV-AC22K
  67: {
    answer: { currentTime: receivedIso, interval: 540, status: 'Accepted' },
    facts: [
      {
        type: 'StationBooted',
        at: receivedIso,
        vendor: 'AcTEC',
        model: 'EV-AC22K',
        serialNumber: 'REDACTED',
        firmware: 'V1.17.9',
      },
    ],
    warnings: [],
  },
  // Autel MaxiCharger: sampledValue fragment: no unit (default W), float32 artefacts
  85: {
    answer: 'RpcFrameworkError',
    rejected: true,
    facts: [],
    warnings: [],
  },
  // station under OCA conformance test (TC_E_44_CS): OCTT capture of a charging station; Ended event carries offline=true
  86: {
    answer: { idTokenInfo: { status: 'Accepted' } },
    facts: [
      {
        type: 'SessionStarted',
        at: '2024-05-17T09:20:44.000Z',
        seqNo: 266,
        triggerReason: 'Authorized',
        tag: 'VALID',
        transactionId: 'e80fb8b1-3fa4-4146-aa10-9dfbc72dfa36',
      },
    ],
    warnings: [],
  },
  // station under OCA conformance test (TC_E_44_CS): OCTT capture of a charging station; Ended event carries offline=true
  88: {
    answer: {},
    facts: [
      {
        type: 'SessionUpdated',
        at: '2024-05-17T09:20:44.000Z',
        ...on(1),
        seqNo: 267,
        triggerReason: 'CablePluggedIn',
        chargingState: 'evConnected',
        transactionId: 'e80fb8b1-3fa4-4146-aa10-9dfbc72dfa36',
      },
    ],
    warnings: [],
  },
  // station under OCA conformance test (TC_E_44_CS): OCTT capture of a charging station; Ended event carries offline=true
  89: {
    answer: {},
    facts: [
      {
        type: 'SessionUpdated',
        at: '2024-05-17T09:20:44.000Z',
        seqNo: 268,
        triggerReason: 'ChargingStateChanged',
        chargingState: 'charging',
        transactionId: 'e80fb8b1-3fa4-4146-aa10-9dfbc72dfa36',
      },
    ],
    warnings: [],
  },
};
