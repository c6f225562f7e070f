import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What a live item holds that no index and no resolver reads, as one compressed attribute: attribute names would cost more
 * than the values, and an item over 1 KB costs a second write unit per message.
 * The dictionary holds what such JSON is made of, the most frequent last: what is near is named with the fewest bits. It is
 * part of the stored format: never change it, add a new one under a new attribute name.
 */
const dictionary = Buffer.from(
  [
    // Changes and attributes that are rare.
    'LateMeterValues"StationNoted"MeterSuspected"ReadingBackfilled"before"after"MinutesSpread","fromAt":toAt":fromWh":toWh":',
    '"MinutesCorrected","ClockSkewLearned","ReservationChanged","reservationId":"AvailabilityConfirmed","operative":true',
    '"ConnectorWarned"ConnectorStatusBackfilled"vendorErrorCode":"info":"voltageV":"currentA":"unclaimed":"refused":',
    '"meterSuspect"inferredStop"lateArrival"orphan"clockCorrected"energyEstimated"seqGap"kept":{"meterStopWh":"seqNo":',
    '"SessionProgressed","triggerReason":"ChargingStateChanged"chargingState":"suspendedEVSE"evConnected"idle"',
    '"suspendedEV"unavailable"faulted"occupied"reserved"SuspendedEV"Occupied"DC"minutesOutdated":"capabilities":{"refused":[{',
    '"kind":"action","told":{"rateUnits":["A","W"],"available":{"SmartCharging":true,"reports":[{"requestId":"runs":[["lastSeqNo":',
    '"mainMeter":{"at":,"powerW":"unplaced":"orphans":"reservations":"profiles":[{"type":"set","profile":{"purpose":"station-max"',
    // Stations: what became of commands, connections.
    '"StationRebooted","StationWentOffline","cause":"silent"StationCameOnline","offlineAt":"StationStatusChanged","from":"unknown",',
    '"StationDisconnected","StationConnected","transport":"mqtt","connectionId":"transport":"websocket","ocpp":"1.6","AuthorizationRefused",',
    '"topic":"TagPresented","detail":{"tag":"topic":"CommandAnswered","StationEventRecorded","at":1,"receivedAt":1,"topic":"CommandEnded",',
    '"detail":{"commandId":"0","action":"RemoteStartTransaction","action":"SetChargingProfile","ocpp":"2.0.1","ocpp":"1.6","payload":"{\\"connectorId\\":1,',
    '\\"evseId\\":1,\\"chargingProfile\\":{\\"id\\":\\"csChargingProfiles\\":{\\"chargingProfileId\\":1,\\"stackLevel\\":0,',
    '\\"chargingProfilePurpose\\":\\"TxProfile\\"\\"chargingProfilePurpose\\":\\"TxDefaultProfile\\",\\"chargingProfileKind\\":\\"Absolute\\"Relative\\",',
    '\\"chargingSchedule\\":{\\"chargingRateUnit\\":\\"A\\"W\\",\\"chargingSchedulePeriod\\":[{\\"startPeriod\\":0,\\"limit\\":7400}]}}}",',
    '"state":"TimedOut","state":"Accepted","by":"wattstream: allocation","by":"bus: ","origin":"outside","requestedAt":17,"requestId":"r","reason":"Accepted",',
    '"reply":"{\\"status\\":\\"Accepted\\"}","sentAt":17}}],"connectedAt":17,"connectionId":"stationId":"',
    // Connectors: begin and end of sessions, then what a charging one is made of.
    '"SessionAmended","SessionEnded","session":{"endedAt":"vendorReason":"Local"reason":"local"Remote"evDisconnected"',
    '"ConnectorStatusChanged","evseId":1,"connectorId":1,"at":1,"receivedAt":1,"from":"preparing"finishing"charging","to":"available","fromAt":17}],',
    '"fromAt":,"errorCode":"vendorStatus":"Preparing"Finishing"Charging","SessionBegan","transactionId":"tag":"meterStartWh":',
    '{"recent":[{"sessionId":"transactionId":"startedAt":17,"endedAt":17,"meterStopWh":,"phase":"ended"}],"idle":{"at":"energyWh":},',
    '{"recent":[],"outbox":[{"id":"01.1.1.0","type":"MinuteClosed","evseId":1,"connectorId":1,"at":17,"receivedAt":17,"minute":{"startAt":17',
    ',"energyWh":,"samples":1,"sessionId":"CP","registerWh":,"registerAt":17,"maxW":,"minW":,"socPercent":,"limitW":7400}},{"id":"01.1.1.1",',
    '"type":"SessionMeasured","evseId":2,"connectorId":1,"at":17,"receivedAt":17,"sessionId":"","energyWh":,"powerW":,"socPercent":}],',
    '"place":{"electrics":{"current":"AC","voltageV":230,"minimumA":6,"phases":3,"phaseRotation":"RST"},"vendor":"","model":"","firmware":"1."},',
    '"report":{"receivedAt":17},"session":{"steps":[0,0,900,840,780,120,60,"corridor":[],"times":{"runs":[[60,60,]]},',
    '"register":{"zeroWh":,"factor":1,"carriedWh":0},"integratedWh":,"sampleIntervalMs":60000,"deliveredAt":17},"minute":{"startAt":17',
    '},"stationReport":{"status":"available","vendorStatus":"Available","errorCode":"NoError","at":17,"receivedAt":17}}',
  ].join(''),
);

/** The words of charging profiles, for the attribute that holds those of a connector. Part of the stored format, too. */
const profileDictionary = Buffer.from(
  [
    '"interfered":true,"unsettled":true,{"type":"unreadable",{"type":"cleared","selector":{"profileId":200',
    '"stackLevel":0,"durationSec":900,"kind":"recurring","every":"week""day","validFrom":17,"startSec":60,"limitW":',
    '{"type":"set","profile":{"purpose":"station-max","evseId":0,"stackLevel":1,"profileId":2000010000,"schedule":{"kind":"absolute",',
    '"startAt":17,"periods":[{"startSec":0,"limitW":0}]}},"commandId":"0m","sentAt":17,"isWrittenHere":true},',
    '{"type":"set","profile":{"purpose":"tx-default","evseId":1,"stackLevel":0,"profileId":2010000001,"schedule":{"kind":"relative",',
    '"periods":[{"startSec":0,"limitW":11040}]}},"commandId":"0m","sentAt":17,"isWrittenHere":true},{"type":"set","profile":{',
    '"purpose":"tx","evseId":1,"stackLevel":1,"profileId":2020010001,"transactionId":"","validTo":17,"schedule":{"kind":"absolute",',
    '"startAt":17,"periods":[{"startSec":0,"limitW":11040}]}},"commandId":"0m","sentAt":17,"isWrittenHere":true}]',
  ].join(''),
);

/** The words of rows of windows. Part of the stored format, too. */
const windowDictionary = Buffer.from(
  [
    '"secondsAvailable","secondsCharging","availabilityPercent","currency":"EUR","meanMinutes","meanEnergyWh","revenueMinor",',
    '"sessionsCompleted","registerAt","registerWh","powerW","utilisationPercent","capacityW","connectors","stations",',
    '"carriedConnectors","activeStations","activeConnectors","activeSessions","maxConnectorW","meanConnectorW","loadW",',
    '"zoneId":"","region":"","siteId":"","connectorType":"Type2","connectorType":"CCS","stationId":"","sessionId":""}]]}',
    '{"layouts":[[["energyWh","samples","maxW","minW","meanW","socPercent","limitW"],{"stationId":"',
    '"rows":[[0,1,0,0],[60000,2,0,123.33333333333333,1,7400,7400],[120000,3,0,[180000,[240000,[300000,[360000,[420000,',
    '[480000,[540000,[600000,[660000,[720000,[780000,[840000,',
  ].join(''),
);

/** The words of what entries of the timeline say. Part of the stored format, too. */
const timelineDictionary = Buffer.from(
  [
    '"rule":"silent-station","severity":"critical"major"minor","summary":"reopened":false,"by":"wattstream"}{"alertId":"',
    '{"serialNumber":"errorCode":"vendorErrorCode":"info":"verdict":"why":"reservationId":"operative":true,"requestedAt":"offsetMs":',
    '{"commandId":"0","action":"SetChargingProfile","ocpp":"2.0.1","ocpp":"1.6","payload":"{\\"connectorId\\":1,\\"csChargingProfiles\\":{',
    '\\"chargingProfileId\\":1,\\"stackLevel\\":0,\\"chargingProfilePurpose\\":\\"TxProfile\\"TxDefaultProfile\\",\\"chargingProfileKind\\":\\"',
    'Absolute\\"Relative\\",\\"chargingSchedule\\":{\\"chargingRateUnit\\":\\"A\\"W\\",\\"chargingSchedulePeriod\\":[{\\"startPeriod\\":0,\\"limit\\":',
    '}]}}}","state":"TimedOut","state":"Accepted","by":"bus: ","origin":"outside","requestedAt":17,"requestId":"r","reason":"Accepted",',
    '"reply":"{\\"status\\":\\"Accepted\\"}","sentAt":17}{"receivedAt":17,"vendor":"","model":"","firmware":"1."}{"tag":"TAG"}',
    '{"receivedAt":17,"cause":"silent"}{"receivedAt":17,"offlineAt":17}{"receivedAt":17,"connectionId":"","ocpp":"1.6","transport":"websocket"}',
    '{"sessionId":"","startedAt":17,"endedAt":17,"energyWh":,"reason":"remote"evDisconnected"local","tag":"","flags":["meterSuspect"]}',
    '{"evseId":2,"connectorId":2,"receivedAt":17,"sessionId":"","transactionId":"","tag":"","meterStartWh":}',
    '{"evseId":1,"connectorId":1,"receivedAt":17,"from":"unavailable"suspendedEV"faulted"unknown"offline"finishing","to":"preparing",',
    '{"evseId":1,"connectorId":1,"receivedAt":17,"from":"charging","to":"available","fromAt":17',
  ].join(''),
);

const dictionaries = {
  state: dictionary,
  profiles: profileDictionary,
  windows: windowDictionary,
  timeline: timelineDictionary,
} as const;
type Words = keyof typeof dictionaries;

/**
 * A context of zlib is made for every item: one of a small window, which holds the dictionary and some 6 KB beside it, costs a
 * quarter less than the usual one and comes to the same bytes. Results are a few hundred bytes, so the first buffer is small.
 */
const small = { windowBits: 13, memLevel: 6, chunkSize: 2_048 } as const;
/** What was written with a larger window is read, too. */
const READ_CHUNK = 4_096;

/** Compresses plain data, by the words it is made of. */
export const packed = (content: object, words: Words = 'state'): Uint8Array =>
  deflateRawSync(JSON.stringify(content), { dictionary: dictionaries[words], level: 9, ...small });

/** What `packed` was given, from the bytes of a table or from their base64 in a change stream. */
export const unpacked = (content: Uint8Array | string, words: Words = 'state'): unknown => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : content;
  const text = inflateRawSync(bytes, { dictionary: dictionaries[words], chunkSize: READ_CHUNK });
  return JSON.parse(text.toString('utf8'));
};
