import type { RetryPolicy } from '../async/retry.ts';
import { isOutage } from '../aws/is-outage.ts';

/** How long a consumer waits for a service that is out, within the minute an invocation has. */
export const untilBack: RetryPolicy = { isTransient: isOutage, budgetMs: 30_000, firstMs: 1_000, longestMs: 8_000 };
