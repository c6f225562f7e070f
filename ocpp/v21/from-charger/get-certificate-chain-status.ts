import { type Action, otherMessage } from '../../action.ts';
import { listAt, objectAt } from '../../payload.ts';

/** We ask no OCSP responder on a charger's behalf: every status asked for is Failed, to be asked again in a day. */
export const getCertificateChainStatus: Action = {
  name: 'GetCertificateChainStatus',
  repeated: true,
  respond: (payload, { now }) => ({
    certificateStatus: listAt(payload, 'certificateStatusRequests').map((request) => ({
      certificateHashData: objectAt(request, 'certificateHashData'),
      source: request.source,
      status: 'Failed',
      nextUpdate: new Date(now + 86_400_000).toISOString(),
    })),
  }),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'GetCertificateChainStatus',
      `${listAt(payload, 'certificateStatusRequests').length} certificates`,
    ),
  ],
};
