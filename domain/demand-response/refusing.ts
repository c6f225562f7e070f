import { Rejected } from '../kernel/rejected.ts';

/** What a reader of fields refuses (RangeError) is refused for good: no retry mends it. Throws Rejected in its place. */
export const refusing = <Value>(read: () => Value): Value => {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new Rejected(error.message, { cause: error });
    throw error;
  }
};
