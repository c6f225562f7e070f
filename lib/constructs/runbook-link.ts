/** Sections of docs/runbook.md: what an alarm asks people to do. A test holds both lists against each other. */
export type RunbookEntry =
  | 'a-function-fails'
  | 'a-function-is-throttled'
  | 'a-consumer-is-behind'
  | 'records-are-about-to-expire'
  | 'a-record-was-parked'
  | 'a-failure-could-not-be-kept'
  | 'a-dead-letter-queue-holds-messages'
  | 'the-minute-work-takes-too-long'
  | 'the-minute-work-does-not-run'
  | 'chargers-get-no-answers'
  | 'chargers-are-not-let-in'
  | 'the-stream-refuses-records'
  | 'a-table-refuses-requests'
  | 'wake-ups-are-late'
  | 'people-are-not-told'
  | 'a-demand-response-event-failed'
  | 'an-openadr-server-does-not-answer'
  | 'graphql-fails'
  | 'the-api-key-expires';

/** Where the operator on call reads on. */
export const runbookLink = (entry: RunbookEntry): string => `Runbook: docs/runbook.md#${entry}`;
