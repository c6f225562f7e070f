import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';

/** A stream that keeps what it is given, for tests; `refuse` makes it refuse from then on. */
export const fakeOcppStream = (): OcppStream & { readonly records: Envelope[]; readonly refuse: () => void } => {
  const records: Envelope[] = [];
  let refusing = false;
  return {
    records,
    refuse: () => {
      refusing = true;
    },
    put: async (envelope) => {
      if (refusing) throw new Error('ProvisionedThroughputExceededException');
      records.push(envelope);
    },
  };
};
