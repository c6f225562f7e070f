/** Whether an error is what node's parseArgs says of words it cannot read. */
export const isParseError = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
