import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

/** Failed: contract certificates come from a provisioning service we do not run. */
export const get15118EVCertificate: Action = {
  name: 'Get15118EVCertificate',
  respond: () => ({ status: 'Failed', exiResponse: '' }),
  facts: (payload, { received }) => [otherMessage(received, 'Get15118EVCertificate', textAt(payload, 'action') ?? '')],
};
