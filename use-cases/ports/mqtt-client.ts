/**
 * A frame from the topic rule on ocpp/+/in: SELECT encode(*, 'base64') AS frame, topic(2) AS stationId, clientid() AS clientId,
 * timestamp() AS receivedAt.
 */
export type MqttMessage = {
  readonly frame: string;
  readonly stationId: string;
  readonly clientId: string;
  /** When AWS IoT received it, ms since the epoch; absent: now. */
  readonly receivedAt?: number;
};

/** The part of AWS IoT's events of connects and disconnects that is used here; `timestamp` is ms since the epoch. */
export type Presence = {
  readonly clientId: string;
  readonly eventType: 'connected' | 'disconnected';
  readonly sessionIdentifier: string;
  readonly timestamp: number;
  readonly versionNumber: number;
};

/** What a client presents when it connects over MQTT. */
export type MqttPresented = {
  readonly clientId: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
};

/** What the stack says to stations on MQTT: one topic per station, ocpp/{stationId}/out. */
export type MqttOut = { readonly publish: (stationId: string, frame: string) => Promise<void> };
