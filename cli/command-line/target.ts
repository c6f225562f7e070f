import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StackOutputs, stackOutputs } from '../../aws/stack-outputs.ts';
import { parsedJson } from '../../domain/kernel/parsed-json.ts';
import { isRunning } from './is-running.ts';
import { Problem } from './problem.ts';

/**
 * What a local stack writes about itself to .wattstream/local.json while it runs. `endpoints` are its addresses by what they
 * serve. `environment` points the AWS SDK at it (AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_ENDPOINT_URL_DYNAMODB, ...); `outputs` are the stack's outputs, under the same names as on AWS (StationsTable, TagsTable,
 * OcppStream, WebsocketCallbackUrl, ...).
 */
export type LocalStack = {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly outputs: StackOutputs;
};

/** A stack a command works on: on this machine or deployed. */
export type Target = {
  /** What to call it when talking to the operator. */
  readonly name: string;
  /** The value of one of its outputs; a Problem when it has none of that name, with `remedy` where one is known. */
  readonly output: (name: string, remedy?: string) => string;
};

/** Where a local stack leaves its note, below the working directory. */
const LOCAL_FILE = join('.wattstream', 'local.json');

const target = (name: string, outputs: StackOutputs): Target => ({
  name,
  output: (key, remedy = 'it was made by another version of Wattstream; restart or redeploy it') => {
    const value = outputs[key];
    if (value !== undefined) return value;
    throw new Problem(`${name} has no output ${key}: ${remedy}`);
  },
});

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

/** The note's fields; none where it is no JSON object, as after a start that was cut off in the middle. */
const noteIn = (text: string): Partial<Record<string, unknown>> => Object(parsedJson(text));

const NONE_HERE =
  'No local stack is running here: start one with npm start in another terminal, or name a deployed stage with --stage';

/** Reads what a running local stack says about itself. */
export const localStack = async (file = LOCAL_FILE): Promise<LocalStack> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Problem(NONE_HERE, { cause: error });
  });
  const { pid, endpoints, environment, outputs } = noteIn(text);
  if (isTexts(endpoints) && isTexts(environment) && isTexts(outputs)) return { endpoints, environment, outputs };
  if (typeof pid === 'number' && outputs === undefined)
    throw new Problem(
      // A start that was killed leaves its note behind.
      isRunning(pid) ? 'The local stack is still starting: try again when it says that it is up' : NONE_HERE,
    );
  throw new Problem(`${file} is of another version of Wattstream: stop the local stack and run npm start again`);
};

/**
 * The stack to work on: the one running on this machine, or stage `stage` of the AWS account whose credentials the
 * environment holds. Points the AWS SDK of this process at it.
 */
export const openTarget = async (stage: string | undefined): Promise<Target> => {
  if (stage === undefined) {
    const { environment, outputs } = await localStack();
    Object.assign(process.env, environment);
    return target('The local stack', outputs);
  }
  const stackName = `wattstream-${stage}`;
  const outputs = await stackOutputs(stackName);
  if (outputs === undefined)
    throw new Problem(
      `There is no stack ${stackName} in this account and region: deploy it, or check AWS_PROFILE and AWS_REGION`,
    );
  return target(stackName, outputs);
};
