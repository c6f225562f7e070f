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

/** Compresses plain data. */
export const packed = (content: object): Uint8Array =>
  deflateRawSync(JSON.stringify(content), { dictionary, level: 9, memLevel: 9 });

/** What `packed` was given, from the bytes of a table or from their base64 in a change stream. */
export const unpacked = (content: Uint8Array | string): unknown => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : content;
  return JSON.parse(inflateRawSync(bytes, { dictionary }).toString('utf8'));
};
