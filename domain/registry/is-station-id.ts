/** OCPP's identifierString without the colon: HTTP Basic ends the user name at the first colon (RFC 7617). */
const identifier = /^[A-Za-z0-9*\-_=+|@.]{1,48}$/;

/** Characters that would widen an AWS IoT policy or an MQTT topic filter beyond one station. */
const wildcard = /[*+]/;

/** Whether a text can be a station's identity: 1 to 48 of OCPP's identifier characters. */
export const isStationId = (text: string): boolean => identifier.test(text);

/** Whether a station of this identity can be told apart in MQTT topics and IoT policies, where `*` and `+` mean "any". */
export const isTopicSafe = (stationId: string): boolean => isStationId(stationId) && !wildcard.test(stationId);
