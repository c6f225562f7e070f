import { type Action, otherMessage } from '../../action.ts';
import { textAt } from '../../payload.ts';

/** Rejected: we validate no VAT numbers. */
export const vatNumberValidation: Action = {
  name: 'VatNumberValidation',
  respond: (payload) => ({ vatNumber: textAt(payload, 'vatNumber') ?? '', status: 'Rejected' }),
  facts: (_payload, { received }) => [
    otherMessage(received, 'VatNumberValidation', 'VAT number offered for validation'),
  ],
};
