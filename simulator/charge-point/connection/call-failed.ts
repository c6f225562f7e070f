/** How a CALL ended without a result: refused by the other side, unanswered in time, or cut off with the socket. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly how: 'refused' | 'timeout' | 'cut';
  readonly code: string;
  constructor(how: 'refused' | 'timeout' | 'cut', code: string, options?: ErrorOptions) {
    super(`Call ${how} (${code})`, options);
    this.how = how;
    this.code = code;
  }
}
