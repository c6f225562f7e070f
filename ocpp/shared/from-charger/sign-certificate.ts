import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

/** We run no certificate authority: Accepted would leave the charger waiting for a certificate that never comes. */
export const signCertificate: Action = {
  name: 'SignCertificate',
  respond: () => ({ status: 'Rejected' }),
  facts: (payload, { received }) => [
    otherMessage(
      received,
      'SignCertificate',
      `Certificate asked for (${textAt(payload, 'certificateType') ?? 'charging station'})`,
    ),
  ],
};
