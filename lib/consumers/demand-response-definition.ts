type State = Readonly<Record<string, unknown>>;

/** Ids only: what a step acts on is read where it acts, so that 10,000 stations fit into 256 KiB. */
const ids = { 'signalId.$': '$.signalId', 'version.$': '$.version', 'purpose.$': '$.purpose' };
const failure = { 'failure.$': '$.failure' };

/** Longer than a step may take; a function that hangs is given up by its own time-out. */
const STEP_TIMEOUT_SECONDS = 75;
/**
 * Five minutes of a service that refuses or throttles, give or take one: with full jitter a wait is half its length on the
 * average, so that 20 of them last 311 s with a standard deviation of 44 s.
 */
const patience = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 40,
    MaxAttempts: 20,
    JitterStrategy: 'FULL',
  },
];
/** So long after returns were sent it is known of most whether they got through: a charger may take 30 s to answer. */
const RETURN_SECONDS = 60;
/** Chunks of 250 stations that are sent their caps side by side. */
const CHUNKS_AT_ONCE = 10;

const orElse = (Next: string): State => ({ Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next }] });

/** What follows a step, by what it answered. */
const next = (ways: Readonly<Record<string, string>>): State => ({
  Type: 'Choice',
  Choices: Object.entries(ways).map(([StringEquals, Next]) => ({ Variable: '$.next', StringEquals, Next })),
  Default: 'Done',
});

/**
 * The demand-response workflow in the Amazon States Language (JSONPath): a timer and a list of steps. `stepsArn` is the
 * function that runs them. Whatever fails, and goes on failing, ends in lifting the limits.
 */
export const demandResponseDefinition = (stepsArn: string): State => {
  const step = (name: string, more: State = {}): State => ({
    Type: 'Task',
    Resource: stepsArn,
    Parameters: { step: name, ...ids, ...more },
    TimeoutSeconds: STEP_TIMEOUT_SECONDS,
    Retry: patience,
  });
  /** Sends the chunks of a plan their caps; the state goes on as it was. */
  const dispatchAll = (task: string, failures: State = {}): State => ({
    Type: 'Map',
    ItemsPath: '$.chunks',
    MaxConcurrency: CHUNKS_AT_ONCE,
    ItemSelector: { ...ids, 'chunk.$': '$$.Map.Item.Value' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: task,
      States: { [task]: { ...step('dispatch', { 'chunk.$': '$.chunk' }), End: true } },
    },
    ResultPath: null,
    ...failures,
  });

  return {
    Comment: 'One execution per grid signal and version, and one for an end before its time: docs/demand-response.md',
    StartAt: 'Purpose',
    States: {
      Purpose: {
        Type: 'Choice',
        Choices: [{ Variable: '$.purpose', StringEquals: 'restore', Next: 'Lift' }],
        Default: 'Begin',
      },
      Begin: { ...step('begin'), ...orElse('LiftAfterFailure'), Next: 'AfterBegin' },
      AfterBegin: next({ waiting: 'LiftEarlierVersion', dispatch: 'Dispatch', over: 'Lift' }),
      LiftEarlierVersion: {
        ...dispatchAll('LiftChunkOfEarlierVersion', orElse('LiftAfterFailure')),
        Next: 'WaitForStart',
      },
      WaitForStart: { Type: 'Wait', TimestampPath: '$.until', Next: 'Begin' },
      Dispatch: { ...dispatchAll('DispatchChunk', orElse('LiftAfterFailure')), Next: 'WaitForMeters' },
      WaitForMeters: { Type: 'Wait', SecondsPath: '$.waitSec', Next: 'Verify' },
      Verify: { ...step('verify'), ...orElse('LiftAfterFailure'), Next: 'AfterVerify' },
      AfterVerify: next({ dispatch: 'Dispatch', hold: 'WaitForMeters', over: 'Lift' }),
      Lift: { ...step('restore'), ...orElse('LiftAfterFailure'), Next: 'AfterLift' },
      AfterLift: next({ dispatch: 'LiftChunks' }),
      LiftChunks: { ...dispatchAll('LiftChunk', orElse('LiftAfterFailure')), Next: 'WaitForReturns' },
      WaitForReturns: { Type: 'Wait', Seconds: RETURN_SECONDS, Next: 'SeeReturns' },
      SeeReturns: { ...step('see-returns'), ...orElse('LiftAfterFailure'), Next: 'AfterReturns' },
      AfterReturns: next({ dispatch: 'LiftChunks', hold: 'WaitForReturns', over: 'WatchRebound' }),
      WatchRebound: { Type: 'Wait', SecondsPath: '$.waitSec', Next: 'Finish' },
      Finish: { ...step('finish'), ...orElse('RecordFailure'), Next: 'Done' },
      Done: { Type: 'Succeed' },

      LiftAfterFailure: {
        ...step('restore', failure),
        ResultPath: '$.lifted',
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notLifted', Next: 'RecordFailure' }],
        Next: 'LiftChunksAfterFailure',
      },
      LiftChunksAfterFailure: {
        ...dispatchAll('LiftChunkAfterFailure'),
        ItemsPath: '$.lifted.chunks',
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notLifted', Next: 'RecordFailure' }],
        Next: 'RecordFailure',
      },
      RecordFailure: {
        ...step('fail', failure),
        ResultPath: null,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.notRecorded', Next: 'Failed' }],
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'DemandResponseFailed', CausePath: '$.failure.Cause' },
    },
  };
};
