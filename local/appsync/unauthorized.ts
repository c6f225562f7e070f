/** Whoever asks did not prove who they are: AppSync answers the whole request with 401. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
}
