import type { Envelope } from '../../ocpp/frames/envelope.ts';

/** The stream "ocpp": one record per envelope, keyed by its station, so that a station's records stay in order. */
export type OcppStream = { readonly put: (envelope: Envelope) => Promise<void> };
