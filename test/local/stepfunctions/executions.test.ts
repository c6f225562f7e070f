import { DescribeExecutionCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { close, listen, urlAt } from '../../../local/http/http-server.ts';
import { noJournal } from '../../../local/journal.ts';
import { InvocationFailed } from '../../../local/lambda/local-function.ts';
import { localSystem } from '../../../local/local-system.ts';
import { type Execution, openExecutions } from '../../../local/stepfunctions/executions.ts';
import { stepfunctionsEndpoint } from '../../../local/stepfunctions/stepfunctions-endpoint.ts';

const machineArn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:relief';
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:step';

const task = (fields: object) => ({ Type: 'Task', Resource: functionArn, TimeoutSeconds: 5, ...fields });
const oneTask = (fields: object = {}) => ({ StartAt: 'Ask', States: { Ask: task({ End: true, ...fields }) } });

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Step = (event: never) => unknown;

const machine = async (definition: object, step: Step, entries: readonly Execution[] = []) => {
  const invoked: unknown[] = [];
  const problems: string[] = [];
  const kept: Execution[] = [];
  const executions = await openExecutions({
    machines: new Map([[machineArn, JSON.stringify(definition)]]),
    open: async () => ({ ...noJournal<Execution>(), entries, append: async (entry) => void kept.push(entry) }),
    invoke: async (_, event) => {
      invoked.push(event);
      return step(event as never);
    },
    report: (problem) => problems.push(problem),
    system: localSystem,
  });
  stops.push(executions.close);
  const end = async (name: string) => {
    const arn = `${machineArn.replace('stateMachine', 'execution')}:${name}`;
    await expect.poll(() => executions.describe(arn).end, { timeout: 60_000 }).toBeDefined();
    return executions.describe(arn).end;
  };
  const run = async (name: string, input: object = {}) => {
    await executions.start(machineArn, name, JSON.stringify(input));
    return end(name);
  };
  return { executions, end, invoked, kept, problems, run };
};

const thrown = (name: string, message = 'no') => new InvocationFailed('step', { name, message, stack: `${name}: no` });

describe('an execution', () => {
  it('runs its tasks on functions and ends with the output of the last state', async () => {
    const { run, invoked } = await machine(
      {
        StartAt: 'One',
        States: {
          One: task({ Next: 'Two', ResultPath: '$.one' }),
          Two: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: functionArn, 'Payload.$': '$.one' },
            OutputPath: '$.Payload',
            TimeoutSeconds: 5,
            End: true,
          },
        },
      },
      ({ count = 0 }: { readonly count?: number }) => ({ count: count + 1 }),
    );
    expect(await run('a')).toMatchObject({ status: 'SUCCEEDED', output: '{"count":2}' });
    expect(invoked).toEqual([{}, { count: 1 }]);
  });

  it('retries a task by the name of its error, then takes the catcher, with the error as AWS words it', async () => {
    const { run, invoked } = await machine(
      {
        StartAt: 'Ask',
        States: {
          Ask: task({
            Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 0, MaxAttempts: 2 }],
            Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Restore' }],
            End: true,
          }),
          Restore: { Type: 'Pass', End: true },
        },
      },
      () => {
        throw thrown('Throttled', 'slow down');
      },
    );
    const end = await run('a', { id: 'dr-1' });
    expect(invoked).toHaveLength(3);
    const output = JSON.parse(end?.status === 'SUCCEEDED' ? end.output : '{}');
    expect(output).toMatchObject({ id: 'dr-1', failure: { Error: 'Throttled' } });
    expect(JSON.parse(output.failure.Cause)).toMatchObject({ errorMessage: 'slow down', errorType: 'Throttled' });
  });

  it('ends as FAILED, with the name of the error, where nothing catches it', async () => {
    const { run, problems } = await machine(oneTask(), () => {
      throw thrown('Sandbox.Timedout');
    });
    expect(await run('a')).toMatchObject({ status: 'FAILED', error: 'Sandbox.Timedout' });
    expect(problems).toEqual([expect.stringContaining('a: Sandbox.Timedout')]);
  });

  it('ends a task that takes longer than its time-out with States.Timeout', async () => {
    const { run } = await machine(oneTask({ TimeoutSeconds: 1 }), () => new Promise(() => undefined));
    expect(await run('a')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('fails with States.DataLimitExceeded, which no catcher takes, beyond 256 KiB', async () => {
    const { run } = await machine(
      {
        StartAt: 'Ask',
        States: {
          Ask: task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
          Caught: { Type: 'Succeed' },
        },
      },
      () => 'x'.repeat(262_144),
    );
    expect(await run('a')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('fails once its history has more than 25,000 events', async () => {
    const again = { Type: 'Choice', Choices: [{ Variable: '$.go', BooleanEquals: true, Next: 'Ask' }], Default: 'End' };
    const { run, invoked } = await machine(
      { StartAt: 'Ask', States: { Ask: task({ Next: 'Again' }), Again: again, End: { Type: 'Succeed' } } },
      () => ({ go: true }),
    );
    expect(await run('a')).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('25000') });
    // A task has five events, a choice two.
    expect(invoked.length).toBeGreaterThanOrEqual(25_000 / 7 - 1);
    expect(invoked.length).toBeLessThan(25_000 / 7 + 50);
  });

  it('runs the items of a map at once, as many as are allowed', async () => {
    let running = 0;
    let most = 0;
    const { run } = await machine(
      {
        StartAt: 'All',
        States: {
          All: {
            Type: 'Map',
            ItemsPath: '$.chunks',
            MaxConcurrency: 2,
            ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...oneTask() },
            End: true,
          },
        },
      },
      async (chunk: number) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 10));
        running -= 1;
        return chunk * 2;
      },
    );
    expect(await run('a', { chunks: [1, 2, 3] })).toMatchObject({ status: 'SUCCEEDED', output: '[2,4,6]' });
    expect(most).toBe(2);
  });

  it('begins anew after a restart, and one that has ended does not', async () => {
    const first = await machine(oneTask(), () => new Promise(() => undefined));
    await first.executions.start(machineArn, 'open', '{"id":1}');
    first.executions.close();
    const second = await machine(oneTask(), () => 'done', first.kept);
    expect(second.invoked).toEqual([]);
    second.executions.resume();
    expect(await second.end('open')).toMatchObject({ status: 'SUCCEEDED' });
    expect(second.invoked).toEqual([{ id: 1 }]);
    const third = await machine(oneTask(), () => 'done', [...first.kept, ...second.kept]);
    third.executions.resume();
    expect(third.invoked).toEqual([]);
  });
});

describe('Step Functions for the SDK', () => {
  const client = async (step: Step) => {
    const { executions, end } = await machine(oneTask(), step);
    const server = stepfunctionsEndpoint(executions);
    const endpoint = urlAt(await listen(server));
    const sfn = new SFNClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    stops.push(() => close(server));
    stops.push(() => sfn.destroy());
    const start = (name: string, input = '{}', stateMachineArn = machineArn) =>
      sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return { sfn, start, end };
  };

  it('takes a start twice while it is open and has the same input', async () => {
    const { start } = await client(() => new Promise(() => undefined));
    const [one, two] = [await start('a'), await start('a')];
    expect(two.executionArn).toBe(one.executionArn);
    await expect(start('a', '{"other":true}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('refuses the name of an execution that has ended', async () => {
    const { start, end } = await client(() => 'done');
    await start('a');
    await end('a');
    await expect(start('a')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it.each([
    ['InvalidName', 'a b', '{}', machineArn],
    ['InvalidName', 'x'.repeat(81), '{}', machineArn],
    ['InvalidExecutionInput', 'a', 'no JSON', machineArn],
    ['InvalidExecutionInput', 'a', JSON.stringify('x'.repeat(262_143)), machineArn],
    ['StateMachineDoesNotExist', 'a', '{}', `${machineArn}-other`],
  ])('refuses a start with %s', async (error, name, input, arn) => {
    const { start } = await client(() => 'done');
    await expect(start(name, input, arn)).rejects.toMatchObject({ name: error });
  });

  it('stops an execution, which runs nothing more, and describes it', async () => {
    const asked: unknown[] = [];
    const { sfn, start } = await client((event) => {
      asked.push(event);
      return new Promise(() => undefined);
    });
    const { executionArn } = await start('a');
    await sfn.send(new StopExecutionCommand({ executionArn }));
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', name: 'a', input: '{}' });
    expect(described.stopDate).toBeInstanceOf(Date);
    await expect(
      sfn.send(new DescribeExecutionCommand({ executionArn: `${executionArn}-other` })),
    ).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});

it.each([
  ['no time-out', oneTask({ TimeoutSeconds: undefined }), /Task Ask has no TimeoutSeconds/],
  ['JSONata', { QueryLanguage: 'JSONata', ...oneTask() }, /JSONPath only/],
  [
    'two states of one name',
    {
      StartAt: 'Each',
      States: { Each: { Type: 'Map', ItemProcessor: oneTask(), Next: 'Ask' }, Ask: task({ End: true }) },
    },
    /Two states are called Ask/,
  ],
])('refuses a definition with %s, which AWS would run differently', async (_, definition, message) => {
  await expect(machine(definition, () => 'done')).rejects.toThrow(message);
});
