import type { Action } from './action.ts';
import { given, textAt } from './payload.ts';

/** Alike in every version. We implement no vendor's extension, and the specification wants that said in these words. */
export const dataTransfer: Action = {
  name: 'DataTransfer',
  respond: () => ({ status: 'UnknownVendorId' }),
  facts: (payload, { received }) => {
    const { data } = payload;
    const text = typeof data === 'string' || data === undefined ? data : JSON.stringify(data);
    return [
      {
        ...received,
        type: 'DataTransferred',
        vendorId: textAt(payload, 'vendorId') ?? '',
        ...given('vendorMessageId', textAt(payload, 'messageId')),
        ...given('data', text),
      },
    ];
  },
};
