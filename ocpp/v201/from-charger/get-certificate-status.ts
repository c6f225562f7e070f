import { type Action, otherMessage } from '../../action.ts';
import { objectAt, textAt } from '../../payload.ts';

/** Failed: we ask no OCSP responder on a charger's behalf; the charger then decides by its own policy. */
export const getCertificateStatus: Action = {
  name: 'GetCertificateStatus',
  respond: () => ({ status: 'Failed' }),
  facts: (payload, { received }) => [
    otherMessage(received, 'GetCertificateStatus', textAt(objectAt(payload, 'ocspRequestData'), 'responderURL') ?? ''),
  ],
};
