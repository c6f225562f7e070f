import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import type { CredentialVerdict } from './credential-store.ts';

/** What the authorizer found out about a socket's station; API Gateway hands it along with every message. */
export type SocketStation = {
  readonly connectionId: string;
  /** Absent when the URL holds no identity. */
  readonly stationId: string | undefined;
  readonly verdict: CredentialVerdict;
  /** Absent when no offered sub-protocol fits. */
  readonly ocpp: OcppVersion | undefined;
  readonly admission: Admission;
  /** ms since the epoch, API Gateway's clock. */
  readonly connectedAt: number;
};

/** A station the authorizer knows, on a sub-protocol we speak: every message after $connect comes from one. */
export type ConnectedStation = SocketStation & { readonly stationId: string; readonly ocpp: OcppVersion };

export type Admission = 'accepted' | 'pending' | 'rejected';

export type SocketResponse = {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};
