/** What Node calls a connection that could not be made or did not last. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const THROTTLED = /throttl|toomanyrequests|provisionedthroughput|requestlimit|slowdown|limitexceeded/i;

/** Whether a call of a service failed because the service is out of reach, overloaded or broken: later it may succeed. */
export const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isOutage)) return true;
  if ('code' in error && NETWORK.has(String(error.code))) return true;
  if ('$fault' in error && error.$fault === 'server') return true;
  if (THROTTLED.test(error.name) || error.name === 'TimeoutError') return true;
  return isOutage(error.cause);
};
