/**
 * Input that no retry will mend: it is parked with its reason and the stream moves on.
 * Every other error is retried.
 */
export class Rejected extends Error {
  override readonly name: string = 'Rejected';
}
