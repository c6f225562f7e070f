import type { Envelope } from '../../ocpp/frames/envelope.ts';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';

type Fake = OcppStream & { readonly records: Envelope[]; readonly refuse: () => void; readonly accept: () => void };

/** A stream that keeps what it is given, for tests; `refuse` makes it refuse from then on, until `accept`. */
export const fakeOcppStream = (): Fake => {
  const records: Envelope[] = [];
  let refusing = false;
  return {
    records,
    refuse: () => {
      refusing = true;
    },
    accept: () => {
      refusing = false;
    },
    put: async (envelope) => {
      if (refusing) throw new Error('ProvisionedThroughputExceededException');
      records.push(envelope);
    },
  };
};
