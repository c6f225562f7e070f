import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What a live item holds that no index and no resolver reads, as one compressed attribute: attribute names would cost more
 * than the values, and an item over 1 KB costs a second write unit per message.
 * The dictionary holds the words such JSON is made of. It is part of the stored format: never change it, add a new one
 * under a new attribute name.
 */
const dictionary = Buffer.from(
  [
    'LateMeterValues"StationNoted"MeterSuspected"ReadingBackfilled"before"after"MinutesSpread","fromAt":toAt":fromWh":toWh":',
    '"SessionAmended"SessionEnded","session":{"endedAt":"vendorReason":"Local"reason":"local"Remote"evDisconnected"',
    '"SessionProgressed","triggerReason":"ChargingStateChanged"chargingState":"suspendedEVSE"evConnected"idle"',
    '"ConnectorWarned"ConnectorStatusBackfilled"ConnectorStatusChanged","from":"available"preparing"finishing"charging"',
    '"suspendedEV"unavailable"faulted"occupied"reserved"to":"fromAt":,"errorCode":"vendorErrorCode":"info":"',
    '"vendorStatus":"Available"Charging"Preparing"Finishing"SuspendedEV"Occupied","status":"stationReport":{"report":{',
    '"meterSuspect"inferredStop"lateArrival"orphan"clockCorrected"energyEstimated"seqGap"kept":{"meterStopWh":"seqNo":',
    '"SessionBegan","transactionId":"tag":"meterStartWh":{"recent":[{"sessionId":"startedAt":"idle":{"at":"energyWh":},',
    '"session":{"register":{"zeroWh":0,"factor":1,"carriedWh":0},"integratedWh":"sampleIntervalMs":60000,"deliveredAt":1',
    '"curve":[[0,0],[900,"minute":{"startAt":1,"energyWh":,"samples":1,"sessionId":"registerWh":,"registerAt":1,"maxW":,"minW":',
    '"outbox":[{"id":"","type":"MinuteClosed","evseId":1,"connectorId":1,"at":1,"receivedAt":1,"minute":{"startAt":1',
    '"type":"SessionMeasured","evseId":1,"connectorId":1,"at":1,"receivedAt":1,"sessionId":"","energyWh":,"powerW":,"socPercent":}]',
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

const dictionaries = { state: dictionary, profiles: profileDictionary, windows: windowDictionary } as const;
type Words = keyof typeof dictionaries;

/** Compresses plain data, by the words it is made of. */
export const packed = (content: object, words: Words = 'state'): Uint8Array =>
  deflateRawSync(JSON.stringify(content), { dictionary: dictionaries[words], level: 9, memLevel: 9 });

/** What `packed` was given, from the bytes of a table or from their base64 in a change stream. */
export const unpacked = (content: Uint8Array | string, words: Words = 'state'): unknown => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : content;
  return JSON.parse(inflateRawSync(bytes, { dictionary: dictionaries[words] }).toString('utf8'));
};
