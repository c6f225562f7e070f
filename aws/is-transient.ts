/** What Node calls a connection that could not be made or did not last. */
const NETWORK = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const OVERLOADED =
  /throttl|toomanyrequests|internalfailure|internalexception|internalerror|serviceunavailable|provisionedthroughput|requestlimit|slowdown|limitexceeded/i;
/** The service is there and refuses us whatever we send: a missing right, table or key, which somebody can give back. */
const SHUT_OUT =
  /^(AccessDenied|Forbidden|NotAuthorized|UnrecognizedClient|ExpiredToken|InvalidClientTokenId|InvalidSignature|ResourceNotFound|NoSuchBucket|NotFound|CredentialsProvider|KMS)/;
/** Others wrote the same items each time we tried. */
const CONTENDED = /Contended$|^TransactionConflict|^TransactionInProgress/;
const TIMED_OUT = new Set(['TimeoutError', 'AbortError']);

const reasonsOf = (error: object): readonly string[] =>
  'CancellationReasons' in error && Array.isArray(error.CancellationReasons)
    ? error.CancellationReasons.map((reason: { readonly Code?: string }) => String(reason?.Code))
    : [];

/**
 * Whether a call of a service failed for a reason that is not in what was sent, and that may pass: the service is out of
 * reach, overloaded, broken, shut to us, or the items are contended. Anything else concerns what was sent, and comes again.
 */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isTransient)) return true;
  if ('code' in error && NETWORK.has(String(error.code))) return true;
  if ('$fault' in error && error.$fault === 'server') return true;
  if ([error.name, ...reasonsOf(error)].some((name) => OVERLOADED.test(name) || CONTENDED.test(name))) return true;
  return SHUT_OUT.test(error.name) || TIMED_OUT.has(error.name) || isTransient(error.cause);
};
